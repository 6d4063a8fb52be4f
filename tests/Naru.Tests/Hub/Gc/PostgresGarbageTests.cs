using Naru.Hub.Metadata;
using Naru.Tests.Hub.Metadata;

namespace Naru.Tests.Hub.Gc;

[Collection(PostgresCollection.Name)]
[Needs("postgres")]
public sealed class PostgresGarbageTests(PostgresServer server) : GarbageContract
{
    protected override async ValueTask<IDatabase> Open() => await PostgresDatabase.Open(server.NewDatabase(), default);
}
