using Naru.Hub.Metadata;

namespace Naru.Tests.Hub.Gc;

public sealed class SqliteGarbageTests : GarbageContract
{
    protected override ValueTask<IDatabase> Open() => new(new SqliteDatabase(Path.Combine(Folder, "hub.db")));
}
