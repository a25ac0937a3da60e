-- 1 until the statement on it is in the device's database, from where it leaves.
ALTER TABLE intervention ADD COLUMN untold INTEGER NOT NULL DEFAULT 0;
