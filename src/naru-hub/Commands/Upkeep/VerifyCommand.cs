using Naru.Base;
using Naru.Base.Flags;
using Naru.Base.Units;
using Naru.Hub.Gc;
using Naru.HubServer.Configuration;

namespace Naru.HubServer.Commands.Upkeep;

/// <summary>naru-hub verify: reads everything again. Its exit code is 1 where something is wrong.</summary>
internal sealed class VerifyCommand : HubCommand
{
    private readonly ValueFlag<long> threads;

    public VerifyCommand() => threads = Flags.All.Int("threads", null, "How many blobs are read at once", Math.Min(Environment.ProcessorCount, 8));

    public override string Name => "verify";

    public override string Summary => "Read every blob and manifest, and compare them with their digests";

    public override HubFlags Flags { get; } = new();

    protected override async Task<int> Run(IReadOnlyList<string> arguments)
    {
        if (threads.Value is < 1 or > 256)
            throw NaruException.Invalid($"invalid --threads {threads.Value}: it must be from 1 to 256");
        await using var services = await HubServices.Open(Flags);
        var report = new VerifyReport();
        await services.Verifier.Verify((int)threads.Value, report, CancellationToken.None);
        foreach (var problem in report.Problems)
            await Console.Out.WriteLineAsync(problem);
        await Console.Out.WriteLineAsync($"{report.Blobs} blobs of {ByteSize.Human(report.Bytes)}, {report.Manifests} manifests, {report.Tags} tags: "
            + (report.ProblemCount == 0 ? "all is well" : $"{report.ProblemCount} problems"));
        if (report.Unused > 0)
            await Console.Out.WriteLineAsync($"{report.Unused} objects of {ByteSize.Human(report.UnusedBytes)} that nothing names wait for naru-hub gc");
        return report.ProblemCount == 0 ? 0 : 1;
    }
}
