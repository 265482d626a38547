//! A stub of `datafusion` 43: the session, Parquet tables, data frames and a few expressions.
//!
//! It fakes nothing: every body panics, no query is planned or run.
#![allow(unused_variables)]

/// What can go wrong.
pub mod error {
    use std::fmt;

    /// The outcome of planning or running a query.
    pub type Result<T, E = DataFusionError> = std::result::Result<T, E>;

    /// What can go wrong.
    #[derive(Debug)]
    pub enum DataFusionError {
        /// A file could not be read or written.
        IoError(std::io::Error),
        /// Something is not supported yet.
        NotImplemented(String),
        /// A mistake of datafusion itself.
        Internal(String),
        /// The query cannot be planned.
        Plan(String),
        /// A setting is wrong.
        Configuration(String),
        /// The query failed while it ran.
        Execution(String),
        /// Memory or disk ran out.
        ResourcesExhausted(String),
    }

    impl fmt::Display for DataFusionError {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            unimplemented!("stub datafusion")
        }
    }

    impl std::error::Error for DataFusionError {}
}

/// Names of tables and columns.
pub mod common {
    /// The name of a column.
    #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
    pub struct Column {
        /// The name, without its table.
        pub name: String,
    }

    impl From<&str> for Column {
        fn from(c: &str) -> Self {
            unimplemented!("stub datafusion")
        }
    }

    impl From<String> for Column {
        fn from(c: String) -> Self {
            unimplemented!("stub datafusion")
        }
    }

    /// The name of a table.
    #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
    pub struct TableReference {
        _private: (),
    }

    impl From<&str> for TableReference {
        fn from(s: &str) -> Self {
            unimplemented!("stub datafusion")
        }
    }

    impl From<String> for TableReference {
        fn from(s: String) -> Self {
            unimplemented!("stub datafusion")
        }
    }
}

/// Expressions.
pub mod logical_expr {
    use crate::common::Column;

    /// An expression over columns.
    #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Hash)]
    pub enum Expr {
        /// A column.
        Column(Column),
        /// The negation of an expression.
        Not(Box<Expr>),
        /// Whether an expression is null.
        IsNull(Box<Expr>),
    }

    impl Expr {
        /// The same under another name.
        pub fn alias(self, name: impl Into<String>) -> Expr {
            unimplemented!("stub datafusion")
        }

        /// Whether it is greater than another.
        pub fn gt(self, other: Expr) -> Expr {
            unimplemented!("stub datafusion")
        }

        /// Whether it equals another.
        pub fn eq(self, other: Expr) -> Expr {
            unimplemented!("stub datafusion")
        }
    }

    /// A column by its name.
    pub fn col(ident: impl Into<Column>) -> Expr {
        unimplemented!("stub datafusion")
    }
}

/// Functions over groups.
pub mod functions_aggregate {
    /// They as expressions.
    pub mod expr_fn {
        use crate::logical_expr::Expr;

        /// The sum of a column.
        pub fn sum(expression: Expr) -> Expr {
            unimplemented!("stub datafusion")
        }

        /// The number of rows where a column is not null.
        pub fn count(expression: Expr) -> Expr {
            unimplemented!("stub datafusion")
        }

        /// The smallest value of a column.
        pub fn min(expression: Expr) -> Expr {
            unimplemented!("stub datafusion")
        }

        /// The greatest value of a column.
        pub fn max(expression: Expr) -> Expr {
            unimplemented!("stub datafusion")
        }

        /// The mean of a column.
        pub fn avg(expression: Expr) -> Expr {
            unimplemented!("stub datafusion")
        }
    }
}

/// Tables in the making.
pub mod dataframe {
    use crate::error::Result;
    use crate::logical_expr::Expr;

    /// A query that has not run yet.
    #[derive(Debug, Clone)]
    pub struct DataFrame {
        _private: (),
    }

    impl DataFrame {
        /// Only these columns.
        pub fn select(self, expr_list: Vec<Expr>) -> Result<DataFrame> {
            unimplemented!("stub datafusion")
        }

        /// Only the rows for which this holds.
        pub fn filter(self, predicate: Expr) -> Result<DataFrame> {
            unimplemented!("stub datafusion")
        }

        /// One row for each group.
        pub fn aggregate(self, group_expr: Vec<Expr>, aggr_expr: Vec<Expr>) -> Result<DataFrame> {
            unimplemented!("stub datafusion")
        }

        /// At most so many rows.
        pub fn limit(self, skip: usize, fetch: Option<usize>) -> Result<DataFrame> {
            unimplemented!("stub datafusion")
        }

        /// Runs it.
        pub async fn collect(self) -> Result<Vec<crate::arrow::array::RecordBatch>> {
            unimplemented!("stub datafusion")
        }

        /// Runs it and counts the rows.
        pub async fn count(self) -> Result<usize> {
            unimplemented!("stub datafusion")
        }
    }
}

/// Running queries.
pub mod execution {
    /// The session.
    pub mod context {
        use crate::common::TableReference;
        use crate::dataframe::DataFrame;
        use crate::error::Result;
        use crate::execution::options::ParquetReadOptions;

        /// Where tables are known and queries run.
        #[derive(Clone)]
        pub struct SessionContext {
            _private: (),
        }

        impl SessionContext {
            /// A session without tables.
            #[allow(clippy::new_without_default)]
            pub fn new() -> Self {
                unimplemented!("stub datafusion")
            }

            /// Makes Parquet files known as a table.
            pub async fn register_parquet(
                &self,
                table_ref: impl Into<TableReference>,
                table_path: impl AsRef<str>,
                options: ParquetReadOptions<'_>,
            ) -> Result<()> {
                unimplemented!("stub datafusion")
            }

            /// A query in SQL.
            pub async fn sql(&self, sql: &str) -> Result<DataFrame> {
                unimplemented!("stub datafusion")
            }

            /// A table that is known.
            pub async fn table(&self, table_ref: impl Into<TableReference>) -> Result<DataFrame> {
                unimplemented!("stub datafusion")
            }
        }
    }

    /// How files are read.
    pub mod options {
        /// How Parquet files are read.
        #[derive(Clone, Default)]
        pub struct ParquetReadOptions<'a> {
            /// Only files with this ending.
            pub file_extension: &'a str,
            /// Whether statistics are used to leave out row groups.
            pub parquet_pruning: Option<bool>,
            /// Whether metadata of the schema are ignored.
            pub skip_metadata: Option<bool>,
            /// The columns, instead of those of the files.
            pub schema: Option<&'a crate::arrow::datatypes::Schema>,
        }

        impl<'a> ParquetReadOptions<'a> {
            /// Takes these columns instead of those of the files.
            pub fn schema(self, schema: &'a crate::arrow::datatypes::Schema) -> Self {
                unimplemented!("stub datafusion")
            }
        }
    }
}

/// What most programs need.
pub mod prelude {
    pub use crate::common::Column;
    pub use crate::dataframe::DataFrame;
    pub use crate::execution::context::SessionContext;
    pub use crate::execution::options::ParquetReadOptions;
    pub use crate::logical_expr::{col, Expr};
    pub use std::ops::{Add, BitAnd, BitOr, BitXor, Div, Mul, Neg, Not, Rem, Shl, Shr, Sub};
}

/// Columns in memory.
pub mod arrow {
    /// Arrays.
    pub mod array {
        use super::datatypes::ArrowPrimitiveType;
        use std::marker::PhantomData;
        use std::ops::Deref;
        use std::sync::Arc;

        /// A column.
        pub trait Array: std::fmt::Debug + Send + Sync {}

        /// A column that is shared.
        pub type ArrayRef = Arc<dyn Array>;

        /// Numbers side by side.
        #[derive(Debug)]
        pub struct ScalarBuffer<T> {
            _values: PhantomData<T>,
        }

        impl<T> Deref for ScalarBuffer<T> {
            type Target = [T];
            fn deref(&self) -> &[T] {
                unimplemented!("stub datafusion")
            }
        }

        impl<'a, T> IntoIterator for &'a ScalarBuffer<T> {
            type Item = &'a T;
            type IntoIter = std::slice::Iter<'a, T>;
            fn into_iter(self) -> Self::IntoIter {
                unimplemented!("stub datafusion")
            }
        }

        /// A column of numbers.
        #[derive(Debug)]
        pub struct PrimitiveArray<T: ArrowPrimitiveType> {
            _type: PhantomData<T>,
        }

        impl<T: ArrowPrimitiveType> PrimitiveArray<T> {
            /// All values, those of nulls included.
            pub fn values(&self) -> &ScalarBuffer<T::Native> {
                unimplemented!("stub datafusion")
            }
        }

        /// A column as what it is.
        pub trait AsArray {
            /// As numbers of this type, if they are.
            fn as_primitive_opt<T: ArrowPrimitiveType>(&self) -> Option<&PrimitiveArray<T>>;
        }

        impl AsArray for dyn Array + '_ {
            fn as_primitive_opt<T: ArrowPrimitiveType>(&self) -> Option<&PrimitiveArray<T>> {
                unimplemented!("stub datafusion")
            }
        }

        impl AsArray for ArrayRef {
            fn as_primitive_opt<T: ArrowPrimitiveType>(&self) -> Option<&PrimitiveArray<T>> {
                unimplemented!("stub datafusion")
            }
        }

        /// Rows of a query.
        #[derive(Clone, Debug)]
        pub struct RecordBatch {
            _private: (),
        }

        impl RecordBatch {
            /// A column of this name.
            pub fn column_by_name(&self, name: &str) -> Option<&ArrayRef> {
                unimplemented!("stub datafusion")
            }

            /// How many rows.
            pub fn num_rows(&self) -> usize {
                unimplemented!("stub datafusion")
            }
        }
    }

    /// Types of columns.
    pub mod datatypes {
        /// The type of a column (some of them).
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum DataType {
            /// 64 bits with a sign.
            Int64,
            /// Decimals of so many digits, so many of them behind the point.
            Decimal128(u8, i8),
        }

        /// A type of numbers.
        pub trait ArrowPrimitiveType: std::fmt::Debug + Send + Sync + 'static {
            /// The number in Rust.
            type Native: Copy;
        }

        /// 64 bits with a sign.
        #[derive(Debug)]
        pub struct Int64Type {}

        impl ArrowPrimitiveType for Int64Type {
            type Native = i64;
        }

        /// Decimals in 128 bits.
        #[derive(Debug)]
        pub struct Decimal128Type {}

        impl ArrowPrimitiveType for Decimal128Type {
            type Native = i128;
        }

        /// A column's name and type.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct Field {
            _private: (),
        }

        impl Field {
            /// A column.
            pub fn new(name: impl Into<String>, data_type: DataType, nullable: bool) -> Self {
                unimplemented!("stub datafusion")
            }
        }

        /// Columns.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct Schema {
            _private: (),
        }

        impl Schema {
            /// These columns. (The real one takes everything that becomes `Fields`.)
            pub fn new(fields: Vec<Field>) -> Self {
                unimplemented!("stub datafusion")
            }
        }
    }
}
