//! The small owned values that both engines bind and return.

use std::str::FromStr;

use carport_model::{Digest, Timestamp};
use rusqlite::types::{ToSqlOutput, ValueRef};
use tokio_postgres::types::{IsNull, Type, private::BytesMut, to_sql_checked};

use crate::StoreError;

/// A parameter or a column.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Null,
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
}

impl Value {
    /// The written form of what prints: scopes, permissions.
    pub(crate) fn text(value: &(impl ToString + ?Sized)) -> Self {
        Self::Text(value.to_string())
    }

    /// The 16 bytes of an id: less than half of its text, in the row and in every index.
    pub(crate) fn id(id: impl Into<[u8; 16]>) -> Self {
        Self::Bytes(id.into().to_vec())
    }

    /// JSON text of plain data.
    pub(crate) fn json(value: &impl serde::Serialize) -> Self {
        Self::Text(serde_json::to_string(value).expect("model types are plain data"))
    }

    /// Null when absent.
    pub(crate) fn optional<T>(value: Option<T>) -> Self
    where
        T: Into<Self>,
    {
        value.map_or(Self::Null, Into::into)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Int(value.into())
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<Timestamp> for Value {
    fn from(value: Timestamp) -> Self {
        Self::Int(value.millis())
    }
}

impl From<&Digest> for Value {
    fn from(value: &Digest) -> Self {
        Self::Bytes(value.as_bytes().to_vec())
    }
}

impl From<Vec<u8>> for Value {
    fn from(value: Vec<u8>) -> Self {
        Self::Bytes(value)
    }
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(value) => ValueRef::Integer(*value),
            Self::Text(value) => ValueRef::Text(value.as_bytes()),
            Self::Bytes(value) => ValueRef::Blob(value),
        }))
    }
}

impl tokio_postgres::types::ToSql for Value {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(value) => value.to_sql(ty, out),
            Self::Text(value) => value.to_sql(ty, out),
            Self::Bytes(value) => value.as_slice().to_sql(ty, out),
        }
    }

    fn accepts(ty: &Type) -> bool {
        [Type::INT8, Type::TEXT, Type::BYTEA].contains(ty)
    }

    to_sql_checked!();
}

/// One row of an answer; getters check what they return.
#[derive(Debug)]
pub(crate) struct Row {
    /// First words of the statement, for [`StoreError::Corrupt`].
    pub(crate) table: &'static str,
    pub(crate) values: Vec<Value>,
}

impl Row {
    pub(crate) fn corrupt(&self, column: usize) -> StoreError {
        StoreError::Corrupt {
            table: self.table,
            column,
        }
    }

    pub(crate) fn int(&self, column: usize) -> Result<i64, StoreError> {
        match self.values.get(column) {
            Some(Value::Int(value)) => Ok(*value),
            _ => Err(self.corrupt(column)),
        }
    }

    /// A number that is never negative.
    pub(crate) fn count(&self, column: usize) -> Result<u64, StoreError> {
        u64::try_from(self.int(column)?).map_err(|_| self.corrupt(column))
    }

    pub(crate) fn flag(&self, column: usize) -> Result<bool, StoreError> {
        Ok(self.int(column)? != 0)
    }

    pub(crate) fn time(&self, column: usize) -> Result<Timestamp, StoreError> {
        self.int(column).map(Timestamp::from_millis)
    }

    pub(crate) fn text(&self, column: usize) -> Result<&str, StoreError> {
        match self.values.get(column) {
            Some(Value::Text(value)) => Ok(value),
            _ => Err(self.corrupt(column)),
        }
    }

    /// Text that reads back as a model type.
    pub(crate) fn parsed<T: FromStr>(&self, column: usize) -> Result<T, StoreError> {
        self.text(column)?.parse().map_err(|_| self.corrupt(column))
    }

    /// JSON text that reads back as a model type.
    pub(crate) fn json<T: serde::de::DeserializeOwned>(
        &self,
        column: usize,
    ) -> Result<T, StoreError> {
        serde_json::from_str(self.text(column)?).map_err(|_| self.corrupt(column))
    }

    pub(crate) fn bytes(&self, column: usize) -> Result<&[u8], StoreError> {
        match self.values.get(column) {
            Some(Value::Bytes(value)) => Ok(value),
            _ => Err(self.corrupt(column)),
        }
    }

    pub(crate) fn id<T: From<[u8; 16]>>(&self, column: usize) -> Result<T, StoreError> {
        let bytes: [u8; 16] = self
            .bytes(column)?
            .try_into()
            .map_err(|_| self.corrupt(column))?;
        Ok(T::from(bytes))
    }

    pub(crate) fn digest(&self, column: usize) -> Result<Digest, StoreError> {
        Digest::from_bytes(self.bytes(column)?).ok_or_else(|| self.corrupt(column))
    }

    /// `None` for null, otherwise what `get` makes of the column.
    pub(crate) fn maybe<'a, T>(
        &'a self,
        column: usize,
        get: impl FnOnce(&'a Self, usize) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        match self.values.get(column) {
            Some(Value::Null) => Ok(None),
            _ => get(self, column).map(Some),
        }
    }
}
