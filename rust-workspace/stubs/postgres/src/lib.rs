//! A stub of `postgres` 0.19: the blocking client and its rows.
//!
//! It fakes nothing: every body panics, no server is asked.
#![allow(unused_variables)]

use std::fmt;
use std::marker::PhantomData;

use types::{FromSql, ToSql};

/// What can go wrong between here and the server.
pub struct Error {
    _private: (),
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        unimplemented!("stub postgres")
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        unimplemented!("stub postgres")
    }
}

impl std::error::Error for Error {}

/// How to reach a server.
#[derive(Clone, Debug)]
pub struct Config {
    _private: (),
}

impl Config {
    /// Nothing set yet.
    #[allow(clippy::new_without_default)]
    pub fn new() -> Config {
        unimplemented!("stub postgres")
    }

    /// Sets the user.
    pub fn user(&mut self, user: &str) -> &mut Config {
        unimplemented!("stub postgres")
    }

    /// Sets the database.
    pub fn dbname(&mut self, dbname: &str) -> &mut Config {
        unimplemented!("stub postgres")
    }

    /// Adds a host.
    pub fn host(&mut self, host: &str) -> &mut Config {
        unimplemented!("stub postgres")
    }
}

/// A prepared statement.
#[derive(Clone)]
pub struct Statement {
    _private: (),
}

/// A text or a prepared statement.
pub trait ToStatement {}

impl ToStatement for Statement {}
impl ToStatement for str {}

/// A connection that blocks.
pub struct Client {
    _private: (),
}

impl Client {
    /// Runs a statement and counts the rows that it touched.
    pub fn execute<T>(&mut self, query: &T, params: &[&(dyn ToSql + Sync)]) -> Result<u64, Error>
    where
        T: ?Sized + ToStatement,
    {
        unimplemented!("stub postgres")
    }

    /// All rows of a query.
    pub fn query<T>(&mut self, query: &T, params: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, Error>
    where
        T: ?Sized + ToStatement,
    {
        unimplemented!("stub postgres")
    }

    /// The only row of a query; none or several are an error.
    pub fn query_one<T>(&mut self, query: &T, params: &[&(dyn ToSql + Sync)]) -> Result<Row, Error>
    where
        T: ?Sized + ToStatement,
    {
        unimplemented!("stub postgres")
    }

    /// The only row of a query, if there is one.
    pub fn query_opt<T>(
        &mut self,
        query: &T,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<Option<Row>, Error>
    where
        T: ?Sized + ToStatement,
    {
        unimplemented!("stub postgres")
    }

    /// Prepares a statement.
    pub fn prepare(&mut self, query: &str) -> Result<Statement, Error> {
        unimplemented!("stub postgres")
    }

    /// Runs several statements.
    pub fn batch_execute(&mut self, query: &str) -> Result<(), Error> {
        unimplemented!("stub postgres")
    }

    /// What the server has announced.
    pub fn notifications(&mut self) -> Notifications<'_> {
        unimplemented!("stub postgres")
    }
}

/// What the server has announced.
pub struct Notifications<'a> {
    _client: PhantomData<&'a mut Client>,
}

/// One row of an answer.
pub struct Row {
    _private: (),
}

impl Row {
    /// The value of a column; panics where it is missing or of another type.
    pub fn get<'a, I, T>(&'a self, idx: I) -> T
    where
        I: row::RowIndex + fmt::Display,
        T: FromSql<'a>,
    {
        unimplemented!("stub postgres")
    }

    /// The value of a column, or why there is none.
    pub fn try_get<'a, I, T>(&'a self, idx: I) -> Result<T, Error>
    where
        I: row::RowIndex + fmt::Display,
        T: FromSql<'a>,
    {
        unimplemented!("stub postgres")
    }
}

/// Rows.
pub mod row {
    /// What names a column of a row: its position or its name.
    pub trait RowIndex {}

    impl RowIndex for usize {}
    impl RowIndex for str {}
    impl<T: ?Sized + RowIndex> RowIndex for &T {}
}

/// Values.
pub mod types {
    use std::fmt;

    /// A value that can be a parameter.
    pub trait ToSql: fmt::Debug {}

    /// A value that can be read from a row.
    pub trait FromSql<'a>: Sized {}

    macro_rules! values {
        ($($value:ty),* $(,)?) => {$(
            impl ToSql for $value {}
            impl<'a> FromSql<'a> for $value {}
        )*};
    }

    values!(bool, i8, i16, i32, u32, i64, f32, f64, String, Vec<u8>);

    impl ToSql for &str {}
    impl ToSql for &[u8] {}
    impl<'a> FromSql<'a> for &'a str {}
    impl<'a> FromSql<'a> for &'a [u8] {}
    impl<T: ToSql> ToSql for Option<T> {}
    impl<'a, T: FromSql<'a>> FromSql<'a> for Option<T> {}
}
