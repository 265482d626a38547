use super::*;
use object_store::{ObjectStore, local::LocalFileSystem, path::Path};
use parquet::basic::{Compression, ZstdLevel};
use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::writer::SerializedFileWriter;
use parquet::record::RowAccessor;
use parquet::schema::parser::parse_message_type;
use std::sync::Arc;

/// An object store of plain files; the sum lies beside the file.
struct Files(LocalFileSystem);

fn failed(error: impl fmt::Display) -> LogError {
    LogError::Store(error.to_string())
}

#[async_trait]
impl Objects for Files {
    async fn put(&self, key: &str, body: &[u8], sum: Sum, _: NaiveDate) -> Result<(), LogError> {
        let path = Path::from(key);
        self.0.put(&path, body.to_vec().into()).await.map_err(failed)?;
        let beside = Path::from(format!("{key}.sum"));
        self.0.put(&beside, sum.to_vec().into()).await.map(|_| ()).map_err(failed)
    }
    async fn state(&self, key: &str) -> Result<Stored, LogError> {
        self.0.head(&Path::from(key)).await.map(|_| Stored::Readable).map_err(failed)
    }
    async fn restore(&self, _: &str) -> Result<(), LogError> {
        Err(LogError::Store("files need no restore".into()))
    }
    async fn get(&self, key: &str) -> Result<(Vec<u8>, Sum), LogError> {
        let read = async |key: String| {
            let found = self.0.get(&Path::from(key)).await.map_err(failed)?;
            found.bytes().await.map_err(failed)
        };
        let sum = read(format!("{key}.sum")).await?;
        Ok((read(key.to_owned()).await?.to_vec(), sum.as_ref().try_into().map_err(failed)?))
    }
    async fn delete(&self, key: &str) -> Result<(), LogError> {
        self.0.delete(&Path::from(key)).await.map_err(failed)
    }
}

fn encode(lines: &[(i64, String)]) -> Vec<u8> {
    let schema = "message log { REQUIRED INT64 block; REQUIRED BYTE_ARRAY line (UTF8); }";
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let zstd = Compression::ZSTD(ZstdLevel::default());
    let properties = Arc::new(WriterProperties::builder().set_compression(zstd).build());
    let mut file = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut file, schema, properties).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let blocks: Vec<i64> = lines.iter().map(|(block, _)| *block).collect();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<Int64Type>().write_batch(&blocks, None, None).unwrap();
    column.close().unwrap();
    let texts: Vec<ByteArray> = lines.iter().map(|(_, line)| line.as_str().into()).collect();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<ByteArrayType>().write_batch(&texts, None, None).unwrap();
    column.close().unwrap();
    group.close().unwrap();
    writer.close().unwrap();
    file
}

fn decode(file: Vec<u8>) -> Vec<(i64, String)> {
    let reader = SerializedFileReader::new(bytes::Bytes::from(file)).unwrap();
    let rows = reader.get_row_iter(None).unwrap().map(|row| row.unwrap());
    rows.map(|row| (row.get_long(0).unwrap(), row.get_string(1).unwrap().clone())).collect()
}

/// Q24.4 what is read equals what was written: Parquet under zstd, through `object_store`
#[tokio::test]
async fn parquet_survives_the_store() {
    let lines: Vec<(i64, String)> = (0..20_000i64)
        .map(|n| (19_000_000 + n / 150, format!("transfer {} of {}", n * 7_919 % 1_000, n % 37)))
        .collect();
    let text: usize = lines.iter().map(|(block, line)| block.to_string().len() + line.len() + 2).sum();
    let folder = tempfile::tempdir().unwrap();
    let store = LogStore::new(Files(LocalFileSystem::new_with_prefix(folder.path()).unwrap()));
    let (written, file) = ("2025-06-30".parse().unwrap(), encode(&lines));
    assert!(file.len() * 2 < text, "{} of {text} bytes", file.len());
    store.write(written, &file).await.unwrap();
    let Ok(Retrieved::File(read)) = store.read(written).await else { panic!("not readable") };
    assert_eq!(read, file);
    assert_eq!(decode(read), lines);
    // A byte changed on the disk.
    let path = folder.path().join("logs/2025/06/30.parquet");
    let mut damaged = std::fs::read(&path).unwrap();
    damaged[100] ^= 1;
    std::fs::write(&path, damaged).unwrap();
    assert_eq!(store.read(written).await, Err(LogError::Damaged(written)));
}
