using Naru.Tests.Hub.Metadata;
using Naru.Tests.Hub.Storage;

namespace Naru.Chain.Tests;

/// <summary>A test of hubs that share PostgreSQL and S3. Skipped, and says why, where one of them is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedHubFactAttribute : FactAttribute
{
    public SharedHubFactAttribute() => Skip = PostgresServer.Missing ?? S3Server.Missing;
}
