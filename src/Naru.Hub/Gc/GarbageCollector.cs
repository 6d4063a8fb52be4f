using System.Text.Json;
using Naru.Base;
using Naru.Hub.Accounts;
using Naru.Hub.Metadata;
using Naru.Hub.Storage;

namespace Naru.Hub.Gc;

/// <summary>Takes away what nothing needs, beside pushes and pulls: in small transactions, each of which pushes wait for as for one another.</summary>
/// <remarks>Why it takes nothing that a push names: <see cref="GarbageRows"/>. One process collects at a time; how far it is, all can tell.</remarks>
public sealed class GarbageCollector(IDatabase database, IBlobStorage storage)
{
    private readonly GarbageRows rows = new(database);
    private readonly GarbageObjects objects = new(database, storage);

    /// <summary>The collection that runs, in whichever process, or the last one; null where there was none.</summary>
    public async ValueTask<GarbageProgress?> Progress(CancellationToken cancel)
    {
        var text = await database.Read(session => session.First("SELECT value FROM setting WHERE name = $1", row => row.Text(0), GarbageRun.Setting), cancel);
        return text is null ? null : JsonSerializer.Deserialize(text, GarbageJson.Default.GarbageProgress);
    }

    /// <summary>What a collection would take away now.</summary>
    public async ValueTask<GarbageReport> Preview(GarbageOptions options, CancellationToken cancel)
    {
        var preview = new GarbagePreview(database, options, DateTime.UtcNow);
        await preview.Rows(cancel);
        await objects.Find(DateTime.UtcNow - options.Grace, unknown =>
        {
            preview.Report.Add(unknown);
            return ValueTask.CompletedTask;
        }, cancel);
        return preview.Report;
    }

    /// <inheritdoc cref="Collect(GarbageOptions, Caller, CancellationToken)"/>
    public ValueTask<GarbageReport> Collect(GarbageOptions options, CancellationToken cancel) => Collect(options, Caller.Operator, cancel);

    /// <summary>Collects, and writes into the audit trail who had it done; what it took away.</summary>
    /// <exception cref="NaruException">Conflict: another process does.</exception>
    public async ValueTask<GarbageReport> Collect(GarbageOptions options, Caller caller, CancellationToken cancel)
    {
        var lease = new GarbageLease(database);
        await lease.Take(cancel);
        var run = new GarbageRun(database, rows, objects, lease, DateTime.UtcNow);
        try
        {
            await run.Everything(options, cancel);
            await new AuditTrail(database).Record(caller, AuditAction.Collected, "", run.Report.Summary(), CancellationToken.None);
            await run.Tell(GarbageStage.Done, null);
            return run.Report;
        }
        catch (Exception e)
        {
            await Quietly(() => run.Tell(GarbageStage.Failed, e is OperationCanceledException ? "stopped" : e.Message));
            throw;
        }
        finally
        {
            await Quietly(lease.Release);
        }
    }

    /// <summary>What cannot be told now is old in two minutes anyway; the failure that matters is another.</summary>
    private static async ValueTask Quietly(Func<ValueTask> work)
    {
        try
        {
            await work();
        }
        catch (NaruException)
        {
        }
    }
}
