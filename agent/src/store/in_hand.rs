//! The draft that the officer has in hand.

use domain::ActId;
use domain::draft::Field;
use rusqlite::{OptionalExtension, params};

use super::{OfficerStore, StoreError, failed, fixed, run};

const WHAT: &str = "draft in hand";

impl OfficerStore {
    /// Keeps where the officer is; `field` is absent where the form has no steps.
    pub(crate) fn take_in_hand(&self, draft: ActId, field: Option<Field>) -> Result<(), StoreError> {
        let sql = "INSERT INTO in_hand (one, draft, field) VALUES (1, ?1, ?2)
                   ON CONFLICT (one) DO UPDATE SET draft = excluded.draft, field = excluded.field";
        let row = params![draft.as_bytes().as_slice(), field.map(Field::code)];
        run(&self.db, WHAT, sql, row)?;
        Ok(())
    }

    pub(crate) fn put_away(&self) -> Result<(), StoreError> {
        run(&self.db, WHAT, "DELETE FROM in_hand", [])?;
        Ok(())
    }

    /// The draft in hand while it exists, and the field whose step is open.
    pub(crate) fn in_hand(&self) -> Result<Option<(ActId, Option<Field>)>, StoreError> {
        let sql = "SELECT in_hand.draft, field FROM in_hand JOIN draft ON draft.act = in_hand.draft";
        let row: Option<(Vec<u8>, Option<String>)> = self
            .db
            .query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()
            .map_err(failed(WHAT))?;
        row.map(|(draft, field)| {
            let field = field.and_then(|code| Field::from_code(&code));
            Ok((ActId::from_bytes(fixed(WHAT, draft)?), field))
        })
        .transpose()
    }
}
