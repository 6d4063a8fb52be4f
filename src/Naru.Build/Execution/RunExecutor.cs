using System.Globalization;
using System.Text;
using System.Text.Json;
using Naru.Api;
using Naru.Base;
using Naru.Build.Context;
using Naru.Build.Graph;
using Naru.Engine;
using Naru.Engine.Containers;
using Naru.Engine.Specs;
using Naru.Linux;
using Naru.Oci.Runtime;

namespace Naru.Build.Execution;

/// <summary>Runs the program of a RUN in its workspace: a container of the engine's default kind, under the runtime itself, without a shim or a daemon between.</summary>
internal sealed class RunExecutor(EngineHost engine, CacheMounts caches)
{
    /// <summary>What BuildKit calls the machine that RUN sees.</summary>
    private const string Hostname = "buildkitsandbox";

    private const string DefaultPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private readonly RuntimeProgram runtime = new(engine.Options, engine.Paths);

    /// <param name="source">The folders of the result of a step that is mounted, topmost first; none for scratch.</param>
    /// <param name="output">Told what the program writes: 1 or 2, and the bytes.</param>
    /// <returns>What was made for the mounts in the file system, to be pruned from the layer.</returns>
    /// <exception cref="NaruException">The program failed, in BuildKit's words; or what it was to be given is not there.</exception>
    public async Task<MountStubs> Run(RunStep step, Workspace workspace, Func<Step?, Task<IReadOnlyList<string>>> source, IBuildSession session, Action<int, byte[]> output, CancellationToken cancel)
    {
        var user = User(step, workspace);
        await using var mounts = await RunMounts.Prepare(step, workspace.Folder, Path.Combine(engine.Paths.Builds, "tmp", workspace.Id), source, caches, session, cancel);
        var record = Record(step, workspace, mounts);
        var (sandbox, network, etc) = await engine.Networks.Connect(record, workspace.Folder, engine.Store, cancel);
        try
        {
            var spec = Spec(step, record, user, mounts, network, etc);
            var stubs = new MountStubs(workspace.Root, [.. (spec.Mounts ?? []).Select(mount => mount.Destination), .. step.WorkingFolder is "/" ? (string[])[] : [step.WorkingFolder]]);
            await File.WriteAllBytesAsync(Path.Combine(workspace.Folder, "config.json"), JsonSerializer.SerializeToUtf8Bytes(spec, SpecJson.Default.Spec), cancel);
            var status = await runtime.Run(workspace.Id, workspace.Folder, output, cancel);
            if (status != 0)
                throw new ProgramFailedException(step.Arguments, status);
            stubs.Clean();
            return stubs;
        }
        finally
        {
            if (sandbox?.Network is { } attached)
                await engine.Networks.Disconnect(attached);
        }
    }

    private static User User(RunStep step, Workspace workspace)
    {
        try
        {
            return new UserLookup(workspace.Layers).Resolve(step.User, null);
        }
        catch (NaruException e)
        {
            throw new ProgramFailedException(step.Arguments, e);
        }
    }

    private ContainerRecord Record(RunStep step, Workspace workspace, RunMounts mounts)
    {
        var host = CreateValidation.Defaults(
            new HostConfig
            {
                NetworkMode = step.Network switch { RunNetwork.None => "none", RunNetwork.Host => "host", _ => "bridge" },
                ExtraHosts = step.ExtraHosts,
                ShmSize = step.ShmSize,
                Ulimits = step.Ulimits.Count == 0 ? null : [.. step.Ulimits.Select(Ulimit)],
                CgroupParent = step.CgroupParent ?? "",
                Privileged = step.Insecure,
            },
            ContainerLifecycle.Unified,
            engine.Options.DefaultRuntime);
        return new ContainerRecord
        {
            Id = workspace.Id,
            Name = "build-" + workspace.Id[..12],
            Created = DateTime.UtcNow,
            ImageId = "",
            Config = new ContainerConfig { Hostname = step.Hostname ?? Hostname, User = step.User, WorkingDir = step.WorkingFolder, Cmd = step.Arguments, Env = Environment(step, mounts) },
            HostConfig = host,
            Mounts = mounts.Mounts,
        };
    }

    private static Spec Spec(RunStep step, ContainerRecord record, User user, RunMounts mounts, string? network, IReadOnlyDictionary<string, string> etc)
    {
        var spec = SpecBuilder.Build(new SpecInput
        {
            Record = record,
            User = user,
            NetworkNamespace = network,
            EtcFiles = etc,
            AppArmor = ContainerTasks.AppArmor,
            UnifiedCgroups = ContainerLifecycle.Unified,
        });
        List<Oci.Runtime.Mount> list = [];
        foreach (var mount in spec.Mounts ?? [])
        {
            // BuildKit shows its names and resolvers read-only, and no /etc/hostname.
            if (mount.Destination == "/etc/hostname")
                continue;
            list.Add(mount.Destination is "/etc/hosts" or "/etc/resolv.conf" ? mount with { Options = ["rbind", "rprivate", "ro"] } : mount);
        }

        return spec with { Mounts = list, Process = spec.Process! with { Env = Environment(step, mounts) } };
    }

    /// <summary>The step's, then what comes with its mounts; the last of a name counts, and PATH is never missing.</summary>
    private static IReadOnlyList<string> Environment(RunStep step, RunMounts mounts) =>
        SpecBuilder.MergeEnvironment([], [DefaultPath, .. step.Environment, .. step.ProxyEnvironment, .. mounts.Environment]);

    /// <summary><c>nofile=1024:2048</c>; one number stands for both.</summary>
    private static Ulimit Ulimit(string text)
    {
        var equals = text.IndexOf('=');
        var limits = text[(equals + 1)..].Split(':');
        if (equals > 0 && limits.Length <= 2 && long.TryParse(limits[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var soft)
            && long.TryParse(limits[^1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var hard))
            return new Ulimit { Name = text[..equals], Soft = soft, Hard = hard };
        throw NaruException.Invalid($"invalid ulimit argument: {text}");
    }
}
