//! A stub of `sqlx` 0.8: pools, unchecked queries and rows of its three drivers.
//!
//! It fakes nothing: every body panics. The checked macros (`query!` and its like) read
//! their row types from a database, which a stub must not invent: here they are an error.
#![allow(unused_variables)]

use std::error::Error as StdError;
use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;

/// A boxed future, as the executors return it.
type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The outcome of a query.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What can go wrong between here and the database.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// A connection string or option is wrong.
    Configuration(Box<dyn StdError + Send + Sync>),
    /// The database answered with an error.
    Database(Box<dyn StdError + Send + Sync>),
    /// The connection broke.
    Io(std::io::Error),
    /// The database sent something unexpected.
    Protocol(String),
    /// A row was demanded and there was none.
    RowNotFound,
    /// The row has no column of this name.
    ColumnNotFound(String),
    /// A column's value could not be read.
    Decode(Box<dyn StdError + Send + Sync>),
    /// No connection became free in time.
    PoolTimedOut,
    /// The pool is closed.
    PoolClosed,
    /// A driver's background thread has died.
    WorkerCrashed,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        unimplemented!("stub sqlx")
    }
}

impl StdError for Error {}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        unimplemented!("stub sqlx")
    }
}

/// A database driver.
pub trait Database: 'static + Sized + Send + fmt::Debug {
    /// Its rows.
    type Row: Row<Database = Self>;
    /// What a statement without rows returns.
    type QueryResult: 'static + Sized + Send + Sync + Default;
    /// Its bound arguments.
    type Arguments<'q>: Send;
    /// Its type descriptions.
    type TypeInfo;
}

/// One row of an answer.
pub trait Row: Unpin + Send + Sync + 'static {
    /// The driver that made it.
    type Database: Database<Row = Self>;

    /// The value of a column; panics where it is missing or of another type.
    fn get<'r, T, I>(&'r self, index: I) -> T
    where
        T: Decode<'r, Self::Database> + Type<Self::Database>,
        I: ColumnIndex<Self>,
        Self: Sized,
    {
        unimplemented!("stub sqlx")
    }

    /// The value of a column, or why there is none.
    fn try_get<'r, T, I>(&'r self, index: I) -> Result<T, Error>
    where
        T: Decode<'r, Self::Database> + Type<Self::Database>,
        I: ColumnIndex<Self>,
        Self: Sized,
    {
        unimplemented!("stub sqlx")
    }
}

/// What names a column of a row: its position or its name.
pub trait ColumnIndex<T: ?Sized>: fmt::Debug {
    /// The position of the column.
    fn index(&self, container: &T) -> Result<usize, Error>;
}

impl<T: ?Sized> ColumnIndex<T> for usize {
    fn index(&self, container: &T) -> Result<usize, Error> {
        unimplemented!("stub sqlx")
    }
}

impl<T: ?Sized> ColumnIndex<T> for &str {
    fn index(&self, container: &T) -> Result<usize, Error> {
        unimplemented!("stub sqlx")
    }
}

/// A Rust type that has an SQL type.
pub trait Type<DB: Database> {
    /// That SQL type.
    fn type_info() -> DB::TypeInfo;
}

/// A value that can be bound to a query.
pub trait Encode<'q, DB: Database> {}

/// A value that can be read from a row.
pub trait Decode<'r, DB: Database>: Sized {}

impl<DB: Database, T: Type<DB>> Type<DB> for Option<T> {
    fn type_info() -> DB::TypeInfo {
        unimplemented!("stub sqlx")
    }
}

impl<DB: Database, T: ?Sized + Type<DB>> Type<DB> for &T {
    fn type_info() -> DB::TypeInfo {
        unimplemented!("stub sqlx")
    }
}

impl<'q, DB: Database, T: Encode<'q, DB> + Type<DB> + 'q> Encode<'q, DB> for Option<T> {}

impl<'r, DB: Database, T: Decode<'r, DB>> Decode<'r, DB> for Option<T> {}

macro_rules! values {
    ($db:ty: $($value:ty),* $(,)?) => {$(
        impl Type<$db> for $value {
            fn type_info() -> <$db as Database>::TypeInfo {
                unimplemented!("stub sqlx")
            }
        }
        impl<'q> Encode<'q, $db> for $value {}
        impl<'r> Decode<'r, $db> for $value {}
    )*};
}

macro_rules! texts_and_bytes {
    ($db:ty) => {
        impl Type<$db> for str {
            fn type_info() -> <$db as Database>::TypeInfo {
                unimplemented!("stub sqlx")
            }
        }
        impl Type<$db> for [u8] {
            fn type_info() -> <$db as Database>::TypeInfo {
                unimplemented!("stub sqlx")
            }
        }
        impl<'q> Encode<'q, $db> for &'q str {}
        impl<'q> Encode<'q, $db> for &'q [u8] {}
        impl<'r> Decode<'r, $db> for &'r str {}
        impl<'r> Decode<'r, $db> for &'r [u8] {}
    };
}

macro_rules! driver {
    ($module:ident, $about:literal, $db:ident, $row:ident, $pool:ident, $done:ident, $arguments:ident, $options:ident) => {
        #[doc = concat!("The ", $about, " driver.")]
        pub mod $module {
            use super::{Database, Pool, Row};
            use std::marker::PhantomData;

            #[doc = concat!("The ", $about, " driver itself.")]
            #[derive(Debug)]
            pub struct $db;

            #[doc = concat!("A row that ", $about, " returned.")]
            #[derive(Debug)]
            pub struct $row {
                _private: (),
            }

            #[doc = concat!("What ", $about, " says of a statement without rows.")]
            #[derive(Debug, Default)]
            pub struct $done {
                _private: (),
            }

            impl $done {
                /// How many rows the statement touched.
                pub fn rows_affected(&self) -> u64 {
                    unimplemented!("stub sqlx")
                }
            }

            #[doc = concat!("Arguments bound for ", $about, ".")]
            #[derive(Debug)]
            pub struct $arguments<'q> {
                _query: PhantomData<&'q ()>,
            }

            impl Database for $db {
                type Row = $row;
                type QueryResult = $done;
                type Arguments<'q> = $arguments<'q>;
                type TypeInfo = ();
            }

            impl Row for $row {
                type Database = $db;
            }

            #[doc = concat!("A pool of ", $about, " connections.")]
            pub type $pool = Pool<$db>;

            #[doc = concat!("How a pool of ", $about, " connections is made.")]
            pub type $options = super::pool::PoolOptions<$db>;
        }

        pub use $module::{$db, $pool};
    };
}

driver!(
    postgres,
    "PostgreSQL",
    Postgres,
    PgRow,
    PgPool,
    PgQueryResult,
    PgArguments,
    PgPoolOptions
);
driver!(
    mysql,
    "MySQL",
    MySql,
    MySqlRow,
    MySqlPool,
    MySqlQueryResult,
    MySqlArguments,
    MySqlPoolOptions
);
driver!(
    sqlite,
    "SQLite",
    Sqlite,
    SqliteRow,
    SqlitePool,
    SqliteQueryResult,
    SqliteArguments,
    SqlitePoolOptions
);

values!(Postgres: bool, i8, i16, i32, i64, f32, f64, String, Vec<u8>);
values!(MySql: bool, i8, i16, i32, i64, u8, u16, u32, u64, f32, f64, String, Vec<u8>);
values!(Sqlite: bool, i8, i16, i32, i64, u8, u16, u32, f32, f64, String, Vec<u8>);
texts_and_bytes!(Postgres);
texts_and_bytes!(MySql);
texts_and_bytes!(Sqlite);

/// Pools of connections.
pub mod pool {
    use super::{Database, Error, PhantomData, Result};
    use std::time::Duration;

    /// How a pool is made.
    #[derive(Debug)]
    pub struct PoolOptions<DB: Database> {
        _database: PhantomData<fn() -> DB>,
    }

    impl<DB: Database> PoolOptions<DB> {
        /// The defaults.
        #[allow(clippy::new_without_default)]
        pub fn new() -> Self {
            unimplemented!("stub sqlx")
        }

        /// At most so many connections.
        pub fn max_connections(self, max: u32) -> Self {
            unimplemented!("stub sqlx")
        }

        /// How long to wait for a free connection.
        pub fn acquire_timeout(self, timeout: Duration) -> Self {
            unimplemented!("stub sqlx")
        }

        /// Opens the pool.
        pub async fn connect(self, url: &str) -> Result<super::Pool<DB>, Error> {
            unimplemented!("stub sqlx")
        }
    }
}

/// A pool of connections, cheap to clone.
pub struct Pool<DB: Database> {
    _database: PhantomData<fn() -> DB>,
}

impl<DB: Database> Pool<DB> {
    /// Opens a pool.
    pub async fn connect(url: &str) -> Result<Self, Error> {
        unimplemented!("stub sqlx")
    }

    /// A pool that opens its connections when they are asked for.
    pub fn connect_lazy(url: &str) -> Result<Self, Error> {
        unimplemented!("stub sqlx")
    }

    /// Closes the pool, once its connections are back.
    pub async fn close(&self) {
        unimplemented!("stub sqlx")
    }
}

impl<DB: Database> Clone for Pool<DB> {
    fn clone(&self) -> Self {
        unimplemented!("stub sqlx")
    }
}

impl<DB: Database> fmt::Debug for Pool<DB> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        unimplemented!("stub sqlx")
    }
}

/// Something that queries can be run on.
pub trait Executor<'c>: Send + fmt::Debug + Sized {
    /// The driver behind it.
    type Database: Database;

    /// Runs a query and drops its rows.
    fn execute<'e, 'q: 'e, E>(
        self,
        query: E,
    ) -> BoxFuture<'e, Result<<Self::Database as Database>::QueryResult, Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Self::Database>;
}

impl<'p, DB: Database> Executor<'p> for &'_ Pool<DB> {
    type Database = DB;

    fn execute<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<DB::QueryResult, Error>>
    where
        'p: 'e,
        E: 'q + Execute<'q, DB>,
    {
        unimplemented!("stub sqlx")
    }
}

/// Something that can be executed: a text or a prepared query.
pub trait Execute<'q, DB: Database>: Send + Sized {
    /// Its SQL.
    fn sql(&self) -> &'q str;
}

impl<'q, DB: Database> Execute<'q, DB> for &'q str {
    fn sql(&self) -> &'q str {
        unimplemented!("stub sqlx")
    }
}

/// Queries and what can be made of them.
pub mod query {
    use super::{Database, Encode, Error, Execute, Executor, PhantomData, Result, Type};

    /// An unchecked query.
    #[must_use = "a query does nothing until it is executed"]
    pub struct Query<'q, DB: Database, A> {
        _text: PhantomData<&'q str>,
        _database: PhantomData<fn() -> DB>,
        _arguments: PhantomData<A>,
    }

    impl<'q, DB: Database, A: Send> Execute<'q, DB> for Query<'q, DB, A> {
        fn sql(&self) -> &'q str {
            unimplemented!("stub sqlx")
        }
    }

    impl<'q, DB: Database> Query<'q, DB, <DB as Database>::Arguments<'q>> {
        /// Binds the next argument.
        pub fn bind<T: 'q + Encode<'q, DB> + Type<DB>>(self, value: T) -> Self {
            unimplemented!("stub sqlx")
        }
    }

    impl<'q, DB: Database, A: Send> Query<'q, DB, A> {
        /// Runs it and drops its rows.
        pub async fn execute<'e, 'c: 'e, E>(self, executor: E) -> Result<DB::QueryResult, Error>
        where
            'q: 'e,
            A: 'e,
            E: Executor<'c, Database = DB>,
        {
            unimplemented!("stub sqlx")
        }

        /// All its rows.
        pub async fn fetch_all<'e, 'c: 'e, E>(self, executor: E) -> Result<Vec<DB::Row>, Error>
        where
            'q: 'e,
            A: 'e,
            E: Executor<'c, Database = DB>,
        {
            unimplemented!("stub sqlx")
        }

        /// Its first row; none is an error.
        pub async fn fetch_one<'e, 'c: 'e, E>(self, executor: E) -> Result<DB::Row, Error>
        where
            'q: 'e,
            A: 'e,
            E: Executor<'c, Database = DB>,
        {
            unimplemented!("stub sqlx")
        }

        /// Its first row, if there is one.
        pub async fn fetch_optional<'e, 'c: 'e, E>(
            self,
            executor: E,
        ) -> Result<Option<DB::Row>, Error>
        where
            'q: 'e,
            A: 'e,
            E: Executor<'c, Database = DB>,
        {
            unimplemented!("stub sqlx")
        }
    }
}

/// An unchecked query of this text.
pub fn query<DB>(sql: &str) -> query::Query<'_, DB, <DB as Database>::Arguments<'_>>
where
    DB: Database,
{
    unimplemented!("stub sqlx")
}

/// The checked query; its row type comes from a database, so here it is an error.
#[macro_export]
macro_rules! query {
    ($($part:tt)*) => {
        ::core::compile_error!("stub sqlx: a checked query needs its database")
    };
}

/// The checked query into a named type; here it is an error.
#[macro_export]
macro_rules! query_as {
    ($($part:tt)*) => {
        ::core::compile_error!("stub sqlx: a checked query needs its database")
    };
}

/// The checked query of one value; here it is an error.
#[macro_export]
macro_rules! query_scalar {
    ($($part:tt)*) => {
        ::core::compile_error!("stub sqlx: a checked query needs its database")
    };
}
