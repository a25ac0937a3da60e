//! One dialect for the two engines that keep HQ's store: SQLite in a file, PostgreSQL on a server.
//!
//! Statements are written once, in what both understand; parameters are `?1`, `?2`… and every column is a 64-bit
//! integer, a text, bytes or null.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::error::Error;

use postgres::types::private::BytesMut;
use postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use rusqlite::OptionalExtension;
use rusqlite::types::{ToSqlOutput, ValueRef};
use thiserror::Error;

/// Why an engine did not do what it was asked.
#[derive(Debug, Error)]
pub enum SqlError {
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    #[error(transparent)]
    Postgres(#[from] postgres::Error),
    #[error("a statement before it failed, so that nothing of the transaction is kept")]
    Broken,
    #[error("column {column} holds another kind of value")]
    Kind { column: usize },
}

/// A value as an engine holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value<'v> {
    Null,
    Integer(i64),
    Text(&'v str),
    Bytes(&'v [u8]),
}

/// The kind of a parameter, which PostgreSQL wants to know of a null too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Integer,
    Text,
    Bytes,
}

impl Kind {
    const fn of_postgres(self) -> Type {
        match self {
            Self::Integer => Type::INT8,
            Self::Text => Type::TEXT,
            Self::Bytes => Type::BYTEA,
        }
    }
}

/// What may be a parameter.
pub(super) trait Bind {
    const KIND: Kind;

    fn value(&self) -> Value<'_>;
}

macro_rules! bind_integers {
    ($($integer:ty),*) => {$(
        impl Bind for $integer {
            const KIND: Kind = Kind::Integer;

            fn value(&self) -> Value<'_> {
                Value::Integer(i64::from(*self))
            }
        }
    )*};
}
bind_integers!(i64, u32, u16, u8, bool);

impl Bind for str {
    const KIND: Kind = Kind::Text;

    fn value(&self) -> Value<'_> {
        Value::Text(self)
    }
}

impl Bind for String {
    const KIND: Kind = Kind::Text;

    fn value(&self) -> Value<'_> {
        Value::Text(self)
    }
}

impl Bind for [u8] {
    const KIND: Kind = Kind::Bytes;

    fn value(&self) -> Value<'_> {
        Value::Bytes(self)
    }
}

impl Bind for Vec<u8> {
    const KIND: Kind = Kind::Bytes;

    fn value(&self) -> Value<'_> {
        Value::Bytes(self)
    }
}

impl<const N: usize> Bind for [u8; N] {
    const KIND: Kind = Kind::Bytes;

    fn value(&self) -> Value<'_> {
        Value::Bytes(self)
    }
}

impl<T: Bind + ?Sized> Bind for &T {
    const KIND: Kind = T::KIND;

    fn value(&self) -> Value<'_> {
        (**self).value()
    }
}

impl<T: Bind> Bind for Option<T> {
    const KIND: Kind = T::KIND;

    fn value(&self) -> Value<'_> {
        self.as_ref().map_or(Value::Null, Bind::value)
    }
}

/// The parameters of a statement, in their order.
pub(super) trait Parameters {
    fn values(&self) -> Vec<(Kind, Value<'_>)>;
}

impl Parameters for () {
    fn values(&self) -> Vec<(Kind, Value<'_>)> {
        Vec::new()
    }
}

impl<T: Bind, const N: usize> Parameters for [T; N] {
    fn values(&self) -> Vec<(Kind, Value<'_>)> {
        self.iter()
            .map(|parameter| (T::KIND, parameter.value()))
            .collect()
    }
}

macro_rules! tuple_parameters {
    ($(($($name:ident $index:tt),+))+) => {$(
        impl<$($name: Bind),+> Parameters for ($($name,)+) {
            fn values(&self) -> Vec<(Kind, Value<'_>)> {
                vec![$(($name::KIND, self.$index.value())),+]
            }
        }
    )+};
}
tuple_parameters! {
    (A 0, B 1)
    (A 0, B 1, C 2)
    (A 0, B 1, C 2, D 3)
    (A 0, B 1, C 2, D 3, E 4)
    (A 0, B 1, C 2, D 3, E 4, F 5)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11, M 12)
}

/// What a column may be read as; none when the value is of another kind or does not fit.
pub(super) trait Read: Sized {
    fn read(value: Value<'_>) -> Option<Self>;
}

macro_rules! read_integers {
    ($($integer:ty),*) => {$(
        impl Read for $integer {
            fn read(value: Value<'_>) -> Option<Self> {
                match value {
                    Value::Integer(number) => Self::try_from(number).ok(),
                    Value::Null | Value::Text(_) | Value::Bytes(_) => None,
                }
            }
        }
    )*};
}
read_integers!(i64, u32, u16, u8);

impl Read for bool {
    fn read(value: Value<'_>) -> Option<Self> {
        i64::read(value).map(|number| number != 0)
    }
}

impl Read for String {
    fn read(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Text(text) => Some(text.to_owned()),
            Value::Null | Value::Integer(_) | Value::Bytes(_) => None,
        }
    }
}

impl Read for Vec<u8> {
    fn read(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Bytes(bytes) => Some(bytes.to_vec()),
            Value::Null | Value::Integer(_) | Value::Text(_) => None,
        }
    }
}

impl<const N: usize> Read for [u8; N] {
    fn read(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Bytes(bytes) => bytes.try_into().ok(),
            Value::Null | Value::Integer(_) | Value::Text(_) => None,
        }
    }
}

impl<T: Read> Read for Option<T> {
    fn read(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            Value::Integer(_) | Value::Text(_) | Value::Bytes(_) => T::read(value).map(Some),
        }
    }
}

/// A row of the answer.
pub(super) enum Row<'r> {
    Sqlite(&'r rusqlite::Row<'r>),
    Postgres(&'r postgres::Row),
}

impl Row<'_> {
    /// The value in `column`, counted from 0.
    pub(super) fn get<T: Read>(&self, column: usize) -> Result<T, SqlError> {
        let value = match self {
            Self::Sqlite(row) => match row.get_ref(column)? {
                ValueRef::Null => Value::Null,
                ValueRef::Integer(number) => Value::Integer(number),
                ValueRef::Text(text) => {
                    Value::Text(std::str::from_utf8(text).map_err(|_| SqlError::Kind { column })?)
                }
                ValueRef::Blob(bytes) => Value::Bytes(bytes),
                ValueRef::Real(_) => return Err(SqlError::Kind { column }),
            },
            Self::Postgres(row) => row.try_get(column)?,
        };
        T::read(value).ok_or(SqlError::Kind { column })
    }
}

impl rusqlite::ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match *self {
            Value::Null => ValueRef::Null,
            Value::Integer(number) => ValueRef::Integer(number),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

impl ToSql for Value<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match *self {
            Value::Null => Ok(IsNull::Yes),
            Value::Integer(number) => number.to_sql(ty, out),
            Value::Text(text) => text.to_sql(ty, out),
            Value::Bytes(bytes) => bytes.to_sql(ty, out),
        }
    }

    fn accepts(ty: &Type) -> bool {
        [Type::INT8, Type::TEXT, Type::BYTEA].contains(ty)
    }

    to_sql_checked!();
}

impl<'v> FromSql<'v> for Value<'v> {
    fn from_sql(ty: &Type, raw: &'v [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(match *ty {
            Type::INT8 => Value::Integer(i64::from_sql(ty, raw)?),
            Type::INT4 => Value::Integer(i32::from_sql(ty, raw)?.into()),
            Type::BOOL => Value::Integer(bool::from_sql(ty, raw)?.into()),
            Type::BYTEA => Value::Bytes(raw),
            _ => Value::Text(<&str>::from_sql(ty, raw)?),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Value::Null)
    }

    fn accepts(ty: &Type) -> bool {
        [Type::INT8, Type::INT4, Type::BOOL, Type::BYTEA, Type::TEXT].contains(ty)
    }
}

/// Statements that PostgreSQL has prepared on one connection, by their text.
pub(super) type Prepared = RefCell<HashMap<String, postgres::Statement>>;

/// A transaction that is open on either engine; dropped, it is undone.
pub(super) enum Open<'s> {
    Sqlite(rusqlite::Transaction<'s>),
    Postgres(OnServer<'s>),
}

/// A transaction on the one connection to a server.
pub(super) struct OnServer<'s> {
    client: &'s RefCell<postgres::Client>,
    prepared: &'s Prepared,
    is_committed: bool,
    /// A statement failed: the server takes no other, and would answer a commit by undoing everything.
    is_broken: Cell<bool>,
}

impl<'s> OnServer<'s> {
    /// `first` is a statement that every transaction begins with.
    pub(super) fn begin(
        client: &'s RefCell<postgres::Client>,
        prepared: &'s Prepared,
        first: &str,
    ) -> Result<Self, SqlError> {
        let begun = Self {
            client,
            prepared,
            is_committed: false,
            is_broken: Cell::new(false),
        };
        client.borrow_mut().batch_execute(&format!("BEGIN; {first}"))?;
        Ok(begun)
    }

    /// One exchange with the server.
    fn ask<T>(
        &self,
        question: impl FnOnce(&mut postgres::Client) -> Result<T, postgres::Error>,
    ) -> Result<T, SqlError> {
        let answer = question(&mut self.client.borrow_mut());
        if answer.is_err() {
            self.is_broken.set(true);
        }
        Ok(answer?)
    }

    fn batch(&self, sql: &str) -> Result<(), SqlError> {
        self.ask(|client| client.batch_execute(sql))
    }

    fn commit(mut self) -> Result<(), SqlError> {
        if self.is_broken.get() {
            return Err(SqlError::Broken);
        }
        self.batch("COMMIT")?;
        self.is_committed = true;
        Ok(())
    }

    fn prepare(&self, sql: &str, values: &[(Kind, Value<'_>)]) -> Result<postgres::Statement, SqlError> {
        if let Some(statement) = self.prepared.borrow().get(sql) {
            return Ok(statement.clone());
        }
        let kinds: Vec<Type> = values.iter().map(|(kind, _)| kind.of_postgres()).collect();
        let statement = self.ask(|client| client.prepare_typed(&numbered(sql), &kinds))?;
        self.prepared
            .borrow_mut()
            .insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    fn query(&self, sql: &str, values: &[(Kind, Value<'_>)]) -> Result<Vec<postgres::Row>, SqlError> {
        let statement = self.prepare(sql, values)?;
        self.ask(|client| client.query(&statement, &boxed(values)))
    }
}

impl Drop for OnServer<'_> {
    fn drop(&mut self) {
        if !self.is_committed {
            // A connection that is gone has undone it by itself.
            let _ = self.client.borrow_mut().batch_execute("ROLLBACK");
        }
    }
}

impl Open<'_> {
    pub(super) fn commit(self) -> Result<(), SqlError> {
        match self {
            Self::Sqlite(inner) => inner.commit()?,
            Self::Postgres(on) => on.commit()?,
        }
        Ok(())
    }

    /// Back to the savepoint `mark`, which is gone then.
    pub(super) fn undo_to_mark(&self) -> Result<(), SqlError> {
        self.batch("ROLLBACK TO mark; RELEASE mark")?;
        if let Self::Postgres(on) = self {
            on.is_broken.set(false);
        }
        Ok(())
    }

    /// Statements without parameters, of which no answer is wanted.
    pub(super) fn batch(&self, sql: &str) -> Result<(), SqlError> {
        match self {
            Self::Sqlite(inner) => inner.execute_batch(sql)?,
            Self::Postgres(on) => on.batch(sql)?,
        }
        Ok(())
    }

    /// How many rows the statement changed.
    pub(super) fn execute(&self, sql: &str, parameters: &impl Parameters) -> Result<u64, SqlError> {
        let values = parameters.values();
        match self {
            Self::Sqlite(inner) => {
                let mut statement = inner.prepare_cached(sql)?;
                let changed = statement.execute(rusqlite::params_from_iter(bare(&values)))?;
                Ok(u64::try_from(changed).unwrap_or(u64::MAX))
            }
            Self::Postgres(on) => {
                let statement = on.prepare(sql, &values)?;
                on.ask(|client| client.execute(&statement, &boxed(&values)))
            }
        }
    }

    /// The first row, when there is one.
    pub(super) fn row<T>(
        &self,
        sql: &str,
        parameters: &impl Parameters,
        read: impl FnOnce(&Row<'_>) -> Result<T, SqlError>,
    ) -> Result<Option<T>, SqlError> {
        let values = parameters.values();
        match self {
            Self::Sqlite(inner) => {
                let mut statement = inner.prepare_cached(sql)?;
                let parameters = rusqlite::params_from_iter(bare(&values));
                let row = statement.query_row(parameters, |row| Ok(read(&Row::Sqlite(row))));
                row.optional()?.transpose()
            }
            Self::Postgres(on) => {
                let rows = on.query(sql, &values)?;
                rows.first().map(|row| read(&Row::Postgres(row))).transpose()
            }
        }
    }

    /// Every row.
    pub(super) fn rows<T>(
        &self,
        sql: &str,
        parameters: &impl Parameters,
        mut read: impl FnMut(&Row<'_>) -> Result<T, SqlError>,
    ) -> Result<Vec<T>, SqlError> {
        let values = parameters.values();
        match self {
            Self::Sqlite(inner) => {
                let mut statement = inner.prepare_cached(sql)?;
                let rows = statement.query_map(rusqlite::params_from_iter(bare(&values)), |row| {
                    Ok(read(&Row::Sqlite(row)))
                })?;
                rows.map(|row| row?).collect()
            }
            Self::Postgres(on) => {
                let rows = on.query(sql, &values)?;
                rows.iter().map(|row| read(&Row::Postgres(row))).collect()
            }
        }
    }
}

fn bare<'a>(values: &'a [(Kind, Value<'a>)]) -> impl Iterator<Item = Value<'a>> {
    values.iter().map(|&(_, value)| value)
}

fn boxed<'a>(values: &'a [(Kind, Value<'a>)]) -> Vec<&'a (dyn ToSql + Sync)> {
    values
        .iter()
        .map(|(_, value)| value as &(dyn ToSql + Sync))
        .collect()
}

/// PostgreSQL's `$1` for SQLite's `?1`; no statement here has a question mark of another meaning.
fn numbered(sql: &str) -> String {
    sql.replace('?', "$")
}

/// A migration in PostgreSQL's words. Text is compared by its bytes, as SQLite does.
pub(super) fn for_postgres(migration: &str) -> String {
    let lines = migration
        .lines()
        .map(|line| line.split("--").next().unwrap_or_default());
    let sql = lines.collect::<Vec<_>>().join("\n");
    [
        (") STRICT, WITHOUT ROWID", ")"),
        (") STRICT", ")"),
        (
            "INTEGER PRIMARY KEY",
            "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY",
        ),
        ("INTEGER", "BIGINT"),
        ("BLOB", "BYTEA"),
        ("TEXT", "TEXT COLLATE \"C\""),
    ]
    .iter()
    .fold(sql, |sql, (from, to)| sql.replace(from, to))
}
