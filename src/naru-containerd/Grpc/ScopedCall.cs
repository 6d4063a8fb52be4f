using Naru.Base;
using Naru.Containerd;
using Naru.GrpcServer;

namespace Naru.ContainerdDaemon;

/// <summary>What containerd's clients say in the headers of a call.</summary>
internal static class ScopedCall
{
    extension(GrpcCall call)
    {
        /// <summary>Namespace and lease.</summary>
        /// <exception cref="NaruException">FailedPrecondition: no namespace.</exception>
        public Scope Scope
        {
            get
            {
                var space = call.Header("containerd-namespace");
                if (string.IsNullOrEmpty(space))
                    throw NaruException.Precondition("namespace is required: failed precondition");
                Identifiers.Validate(space);
                var lease = call.Header("containerd-lease");
                return new Scope(space, string.IsNullOrEmpty(lease) ? null : lease);
            }
        }
    }
}
