-- Lists of persons are under keys of their own (domain::hotlist::Catalogue), which go to nobody without a policy.
ALTER TABLE hotlist_epoch ADD COLUMN catalogue TEXT NOT NULL DEFAULT 'things';
