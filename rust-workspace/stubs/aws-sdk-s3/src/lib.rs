//! A stub of `aws-sdk-s3` 1: the client, reading an object, and restoring an archived one.
//!
//! It fakes nothing: every body panics, no request is sent.
#![allow(unused_variables)]

/// A client.
#[derive(Clone, Debug)]
pub struct Client {
    _private: (),
}

impl Client {
    /// Reads an object.
    pub fn get_object(&self) -> operation::get_object::builders::GetObjectFluentBuilder {
        unimplemented!("stub aws-sdk-s3")
    }

    /// Asks for an archived object to be made readable.
    pub fn restore_object(
        &self,
    ) -> operation::restore_object::builders::RestoreObjectFluentBuilder {
        unimplemented!("stub aws-sdk-s3")
    }
}

/// What can go wrong.
pub mod error {
    /// A required field is missing.
    #[derive(Debug)]
    pub struct BuildError {
        _private: (),
    }

    /// A raw answer of the service.
    #[derive(Debug)]
    pub struct HttpResponse {
        _private: (),
    }

    /// A call that failed.
    #[derive(Debug)]
    #[non_exhaustive]
    pub enum SdkError<E, R = HttpResponse> {
        /// The request could not be built.
        ConstructionFailure(Box<dyn std::error::Error + Send + Sync>),
        /// The call took too long.
        TimeoutError(Box<dyn std::error::Error + Send + Sync>),
        /// The request could not be sent.
        DispatchFailure(Box<dyn std::error::Error + Send + Sync>),
        /// The answer could not be read.
        ResponseError(R),
        /// The service answered with an error.
        ServiceError(E),
    }
}

/// Data of requests and answers.
pub mod types {
    /// How an archived object is restored.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct RestoreRequest {
        /// How long the copy stays.
        pub days: Option<i32>,
        /// How fast it is made.
        pub glacier_job_parameters: Option<GlacierJobParameters>,
    }

    impl RestoreRequest {
        /// A request in the making.
        pub fn builder() -> builders::RestoreRequestBuilder {
            unimplemented!("stub aws-sdk-s3")
        }
    }

    /// How fast a copy is made.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct GlacierJobParameters {
        /// The speed.
        pub tier: Tier,
    }

    impl GlacierJobParameters {
        /// Parameters in the making.
        pub fn builder() -> builders::GlacierJobParametersBuilder {
            unimplemented!("stub aws-sdk-s3")
        }
    }

    /// Data in the making.
    pub mod builders {
        use super::{GlacierJobParameters, RestoreRequest, Tier};

        /// A request in the making.
        #[derive(Clone, Debug, Default)]
        pub struct RestoreRequestBuilder {
            _private: (),
        }

        impl RestoreRequestBuilder {
            /// How long the copy stays.
            pub fn days(self, input: i32) -> Self {
                unimplemented!("stub aws-sdk-s3")
            }

            /// How fast it is made.
            pub fn glacier_job_parameters(self, input: GlacierJobParameters) -> Self {
                unimplemented!("stub aws-sdk-s3")
            }

            /// The request.
            pub fn build(self) -> RestoreRequest {
                unimplemented!("stub aws-sdk-s3")
            }
        }

        /// Parameters in the making.
        #[derive(Clone, Debug, Default)]
        pub struct GlacierJobParametersBuilder {
            _private: (),
        }

        impl GlacierJobParametersBuilder {
            /// The speed.
            pub fn tier(self, input: Tier) -> Self {
                unimplemented!("stub aws-sdk-s3")
            }

            /// The parameters, unless the speed is missing.
            pub fn build(self) -> Result<GlacierJobParameters, crate::error::BuildError> {
                unimplemented!("stub aws-sdk-s3")
            }
        }
    }

    /// How fast an archived object has to be made readable.
    #[derive(Clone, Eq, Ord, PartialEq, PartialOrd, Debug, Hash)]
    #[non_exhaustive]
    pub enum Tier {
        /// Within hours, at the lowest price.
        Bulk,
        /// Within minutes.
        Expedited,
        /// Within a few hours.
        Standard,
    }
}

/// Bytes of bodies.
pub mod primitives {
    /// A body as it arrives.
    #[derive(Debug)]
    pub struct ByteStream {
        _private: (),
    }

    /// What can go wrong while a body arrives.
    #[derive(Debug)]
    pub struct ByteStreamError {
        _private: (),
    }

    /// A body that has arrived.
    #[derive(Debug, Clone)]
    pub struct AggregatedBytes {
        _private: (),
    }

    impl AggregatedBytes {
        /// Its bytes.
        pub fn to_vec(self) -> Vec<u8> {
            unimplemented!("stub aws-sdk-s3")
        }
    }

    impl ByteStream {
        /// Waits for all of it.
        pub async fn collect(self) -> Result<AggregatedBytes, ByteStreamError> {
            unimplemented!("stub aws-sdk-s3")
        }
    }
}

/// The calls.
pub mod operation {
    /// Reading an object.
    pub mod get_object {
        use crate::primitives::ByteStream;

        /// The answer.
        #[non_exhaustive]
        #[derive(Debug)]
        pub struct GetObjectOutput {
            /// The object's bytes.
            pub body: ByteStream,
        }

        /// Why the service refused.
        #[non_exhaustive]
        #[derive(Debug)]
        pub enum GetObjectError {
            /// The object is archived and has not been restored.
            InvalidObjectState(()),
            /// There is no such object.
            NoSuchKey(()),
        }

        /// Requests in the making.
        pub mod builders {
            use super::{GetObjectError, GetObjectOutput};
            use crate::error::SdkError;

            /// A request in the making.
            #[derive(Clone, Debug)]
            pub struct GetObjectFluentBuilder {
                _private: (),
            }

            impl GetObjectFluentBuilder {
                /// From which bucket.
                pub fn bucket(self, input: impl Into<String>) -> Self {
                    unimplemented!("stub aws-sdk-s3")
                }

                /// Which object.
                pub fn key(self, input: impl Into<String>) -> Self {
                    unimplemented!("stub aws-sdk-s3")
                }

                /// Which version of it.
                pub fn version_id(self, input: impl Into<String>) -> Self {
                    unimplemented!("stub aws-sdk-s3")
                }

                /// Which bytes of it.
                pub fn range(self, input: impl Into<String>) -> Self {
                    unimplemented!("stub aws-sdk-s3")
                }

                /// Sends it.
                pub async fn send(self) -> Result<GetObjectOutput, SdkError<GetObjectError>> {
                    unimplemented!("stub aws-sdk-s3")
                }
            }
        }
    }

    /// Restoring an archived object.
    pub mod restore_object {
        /// The answer.
        #[non_exhaustive]
        #[derive(Debug, Clone)]
        pub struct RestoreObjectOutput {
            /// Where the restored object is.
            pub restore_output_path: Option<String>,
        }

        /// Why the service refused.
        #[non_exhaustive]
        #[derive(Debug)]
        pub enum RestoreObjectError {
            /// The object is already in an active tier.
            ObjectAlreadyInActiveTierError(()),
        }

        /// Requests in the making.
        pub mod builders {
            use super::{RestoreObjectError, RestoreObjectOutput};
            use crate::error::SdkError;

            /// A request in the making.
            #[derive(Clone, Debug)]
            pub struct RestoreObjectFluentBuilder {
                _private: (),
            }

            impl RestoreObjectFluentBuilder {
                /// From which bucket.
                pub fn bucket(self, input: impl Into<String>) -> Self {
                    unimplemented!("stub aws-sdk-s3")
                }

                /// Which object.
                pub fn key(self, input: impl Into<String>) -> Self {
                    unimplemented!("stub aws-sdk-s3")
                }

                /// How it is restored.
                pub fn restore_request(self, input: crate::types::RestoreRequest) -> Self {
                    unimplemented!("stub aws-sdk-s3")
                }

                /// Sends it.
                pub async fn send(
                    self,
                ) -> Result<RestoreObjectOutput, SdkError<RestoreObjectError>> {
                    unimplemented!("stub aws-sdk-s3")
                }
            }
        }
    }
}
