//! A stub of `pkcs11` 0.5: the calls of its context for sessions, keys and signatures.
//!
//! It fakes nothing: every body panics, and no module is loaded.
#![allow(unused_variables, non_camel_case_types, non_snake_case)]

use std::path::Path;

use errors::Error;
use types::*;

/// A loaded PKCS#11 module.
#[derive(Debug)]
pub struct Ctx {
    _private: (),
}

impl Ctx {
    /// Loads a module.
    pub fn new<P>(filename: P) -> Result<Ctx, Error>
    where
        P: AsRef<Path>,
    {
        unimplemented!("stub pkcs11")
    }

    /// Loads a module and initialises it.
    pub fn new_and_initialize<P>(filename: P) -> Result<Ctx, Error>
    where
        P: AsRef<Path>,
    {
        unimplemented!("stub pkcs11")
    }

    /// The slots that there are.
    pub fn get_slot_list(&self, token_present: bool) -> Result<Vec<CK_SLOT_ID>, Error> {
        unimplemented!("stub pkcs11")
    }

    /// Opens a session with the token in a slot.
    pub fn open_session(
        &self,
        slot_id: CK_SLOT_ID,
        flags: CK_FLAGS,
        application: Option<CK_VOID_PTR>,
        notify: CK_NOTIFY,
    ) -> Result<CK_SESSION_HANDLE, Error> {
        unimplemented!("stub pkcs11")
    }

    /// Closes a session.
    pub fn close_session(&self, session: CK_SESSION_HANDLE) -> Result<(), Error> {
        unimplemented!("stub pkcs11")
    }

    /// Logs in.
    pub fn login(
        &self,
        session: CK_SESSION_HANDLE,
        user_type: CK_USER_TYPE,
        pin: Option<&str>,
    ) -> Result<(), Error> {
        unimplemented!("stub pkcs11")
    }

    /// Makes a secret key.
    pub fn generate_key(
        &self,
        session: CK_SESSION_HANDLE,
        mechanism: &CK_MECHANISM,
        template: &[CK_ATTRIBUTE],
    ) -> Result<CK_OBJECT_HANDLE, Error> {
        unimplemented!("stub pkcs11")
    }

    /// Begins a signature.
    pub fn sign_init(
        &self,
        session: CK_SESSION_HANDLE,
        mechanism: &CK_MECHANISM,
        key: CK_OBJECT_HANDLE,
    ) -> Result<(), Error> {
        unimplemented!("stub pkcs11")
    }

    /// Signs one piece of data.
    pub fn sign(
        &self,
        session: CK_SESSION_HANDLE,
        data: &[CK_BYTE],
    ) -> Result<Vec<CK_BYTE>, Error> {
        unimplemented!("stub pkcs11")
    }
}

/// The types of the C header.
pub mod types {
    use std::os::raw::{c_ulong, c_void};

    /// A byte.
    pub type CK_BYTE = u8;
    /// A number.
    pub type CK_ULONG = c_ulong;
    /// A return value.
    pub type CK_RV = CK_ULONG;
    /// Flags.
    pub type CK_FLAGS = CK_ULONG;
    /// The number of a slot.
    pub type CK_SLOT_ID = CK_ULONG;
    /// The handle of a session.
    pub type CK_SESSION_HANDLE = CK_ULONG;
    /// The handle of an object.
    pub type CK_OBJECT_HANDLE = CK_ULONG;
    /// The kind of a user.
    pub type CK_USER_TYPE = CK_ULONG;
    /// The kind of a mechanism.
    pub type CK_MECHANISM_TYPE = CK_ULONG;
    /// The kind of an attribute.
    pub type CK_ATTRIBUTE_TYPE = CK_ULONG;
    /// A pointer to anything.
    pub type CK_VOID_PTR = *mut c_void;
    /// What a session calls when something happens.
    pub type CK_NOTIFY =
        Option<extern "C" fn(CK_SESSION_HANDLE, CK_NOTIFICATION, CK_VOID_PTR) -> CK_RV>;
    /// What has happened.
    pub type CK_NOTIFICATION = CK_ULONG;

    /// A way to make keys or to sign, with its parameters.
    #[derive(Debug, Clone, Copy)]
    #[repr(C)]
    pub struct CK_MECHANISM {
        /// Which way.
        pub mechanism: CK_MECHANISM_TYPE,
        /// Its parameters.
        pub pParameter: CK_VOID_PTR,
        /// Their length.
        pub ulParameterLen: CK_ULONG,
    }

    /// A property of an object.
    #[derive(Debug, Clone, Copy)]
    #[repr(C)]
    pub struct CK_ATTRIBUTE {
        /// Which property.
        pub attrType: CK_ATTRIBUTE_TYPE,
        /// Its value.
        pub pValue: CK_VOID_PTR,
        /// The length of the value.
        pub ulValueLen: CK_ULONG,
    }
}

/// What can go wrong.
pub mod errors {
    use super::types::CK_RV;
    use std::fmt;

    /// An error of the module, or on the way to it.
    #[derive(Debug)]
    pub enum Error {
        /// The file could not be read.
        Io(std::io::Error),
        /// The module cannot be used.
        Module(&'static str),
        /// An argument is wrong.
        InvalidInput(&'static str),
        /// The module returned an error.
        Pkcs11(CK_RV),
        /// The module keeps this to itself.
        UnavailableInformation,
    }

    impl fmt::Display for Error {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            unimplemented!("stub pkcs11")
        }
    }

    impl std::error::Error for Error {}
}
