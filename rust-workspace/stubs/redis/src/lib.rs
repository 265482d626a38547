//! A stub of `redis` 0.27: commands, pipelines and the shared asynchronous connection.
//!
//! It fakes nothing: every body panics.
#![allow(unused_variables)]

use std::fmt;

/// The outcome of a command.
pub type RedisResult<T> = Result<T, RedisError>;

/// What can go wrong between here and the server.
pub struct RedisError {
    _private: (),
}

impl fmt::Debug for RedisError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        unimplemented!("stub redis")
    }
}

impl fmt::Display for RedisError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        unimplemented!("stub redis")
    }
}

impl std::error::Error for RedisError {}

/// A value as the server sends it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// Nothing.
    Nil,
    /// A number.
    Int(i64),
    /// Bytes.
    BulkString(Vec<u8>),
    /// Several values.
    Array(Vec<Value>),
    /// A short text.
    SimpleString(String),
    /// All went well.
    Okay,
}

/// Where arguments are written to.
pub trait RedisWrite {
    /// Writes one argument.
    fn write_arg(&mut self, arg: &[u8]);
}

/// A value that can be an argument of a command.
pub trait ToRedisArgs: Sized {
    /// Writes it.
    fn write_redis_args<W>(&self, out: &mut W)
    where
        W: ?Sized + RedisWrite;
}

/// A value that can be read from an answer.
pub trait FromRedisValue: Sized {
    /// Reads it.
    fn from_redis_value(v: &Value) -> RedisResult<Self>;
}

macro_rules! arguments {
    ($([$($generics:tt)*] $value:ty),* $(,)?) => {$(
        impl<$($generics)*> ToRedisArgs for $value {
            fn write_redis_args<W>(&self, out: &mut W)
            where
                W: ?Sized + RedisWrite,
            {
                unimplemented!("stub redis")
            }
        }
    )*};
}

macro_rules! answers {
    ($([$($generics:tt)*] $value:ty),* $(,)?) => {$(
        impl<$($generics)*> FromRedisValue for $value {
            fn from_redis_value(v: &Value) -> RedisResult<Self> {
                unimplemented!("stub redis")
            }
        }
    )*};
}

arguments! {
    [] i8, [] i16, [] u16, [] i32, [] u32, [] i64, [] u64, [] isize, [] usize, [] u8, [] f32, [] f64,
    [] bool, [] String, [] &str,
    [T: ToRedisArgs] Vec<T>, [T: ToRedisArgs] &[T], [T: ToRedisArgs] Option<T>, [T: ToRedisArgs] &T,
    [T: ToRedisArgs, const N: usize] &[T; N],
}

answers! {
    [] i8, [] i16, [] u16, [] i32, [] u32, [] i64, [] u64, [] u8, [] f32, [] f64,
    [] bool, [] String, [] (), [] Value,
    [T: FromRedisValue] Vec<T>, [T: FromRedisValue] Option<T>,
}

/// A command in the making.
#[derive(Clone)]
pub struct Cmd {
    _private: (),
}

impl Cmd {
    /// Adds an argument.
    pub fn arg<T: ToRedisArgs>(&mut self, arg: T) -> &mut Cmd {
        unimplemented!("stub redis")
    }

    /// Sends it and reads the answer.
    pub async fn query_async<T: FromRedisValue>(
        &self,
        con: &mut impl aio::ConnectionLike,
    ) -> RedisResult<T> {
        unimplemented!("stub redis")
    }
}

/// A command of this name.
pub fn cmd(name: &str) -> Cmd {
    unimplemented!("stub redis")
}

/// Commands that are sent together.
#[derive(Clone)]
pub struct Pipeline {
    _private: (),
}

impl Pipeline {
    /// Runs the commands as one transaction.
    pub fn atomic(&mut self) -> &mut Pipeline {
        unimplemented!("stub redis")
    }

    /// Adds a command.
    pub fn add_command(&mut self, cmd: Cmd) -> &mut Self {
        unimplemented!("stub redis")
    }

    /// Starts a command.
    pub fn cmd(&mut self, name: &str) -> &mut Self {
        unimplemented!("stub redis")
    }

    /// Adds an argument to the last command.
    pub fn arg<T: ToRedisArgs>(&mut self, arg: T) -> &mut Self {
        unimplemented!("stub redis")
    }

    /// Drops the answer of the last command.
    pub fn ignore(&mut self) -> &mut Self {
        unimplemented!("stub redis")
    }

    /// Sends all of it and reads the answers.
    pub async fn query_async<T: FromRedisValue>(
        &self,
        con: &mut impl aio::ConnectionLike,
    ) -> RedisResult<T> {
        unimplemented!("stub redis")
    }

    /// Sends all of it and drops the answers.
    pub async fn exec_async(&self, con: &mut impl aio::ConnectionLike) -> RedisResult<()> {
        unimplemented!("stub redis")
    }
}

/// An empty pipeline.
pub fn pipe() -> Pipeline {
    unimplemented!("stub redis")
}

/// A server's address, from which connections are made.
#[derive(Debug, Clone)]
pub struct Client {
    _private: (),
}

impl Client {
    /// Reads an address.
    pub fn open(params: &str) -> RedisResult<Client> {
        unimplemented!("stub redis")
    }

    /// Opens a connection that clones can share.
    pub async fn get_multiplexed_async_connection(
        &self,
    ) -> RedisResult<aio::MultiplexedConnection> {
        unimplemented!("stub redis")
    }
}

/// Asynchronous connections.
pub mod aio {
    /// Something that commands can be sent through.
    pub trait ConnectionLike {
        /// The number of the database that it speaks to.
        fn get_db(&self) -> i64;
    }

    /// A connection that clones can share.
    #[derive(Debug, Clone)]
    pub struct MultiplexedConnection {
        _private: (),
    }

    impl ConnectionLike for MultiplexedConnection {
        fn get_db(&self) -> i64 {
            unimplemented!("stub redis")
        }
    }
}
