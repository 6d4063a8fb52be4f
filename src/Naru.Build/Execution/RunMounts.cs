using System.Globalization;
using Naru.Base;
using Naru.Build.Context;
using Naru.Build.Graph;
using Naru.Engine.Containers;
using Naru.Linux;

namespace Naru.Build.Execution;

/// <summary>What a RUN's --mount options need on this machine while its program runs: trees mounted, secrets written to memory, agents forwarded.</summary>
/// <remarks>Disposed after the program's end; what is then left of it is nothing.</remarks>
internal sealed class RunMounts : IAsyncDisposable
{
    private const string DefaultSecretFolder = "/run/secrets/";
    private const string DefaultAgentSocket = "/run/buildkit/ssh_agent.";

    private readonly List<IDisposable> held = [];
    private readonly List<AgentForwarder> agents = [];
    private readonly List<string> mounted = [];
    private readonly List<ContainerMount> mounts = [];
    private readonly List<string> environment = [];
    private readonly string folder;
    private readonly string scratch;

    /// <param name="folder">The step's own, in memory or not.</param>
    /// <param name="scratch">A folder on disk for what is written to mounts and thrown away.</param>
    private RunMounts(string folder, string scratch)
    {
        this.folder = folder;
        this.scratch = scratch;
    }

    public IReadOnlyList<ContainerMount> Mounts => mounts;

    /// <summary>Variables to add: secrets given so, and the agent's socket.</summary>
    public IReadOnlyList<string> Environment => environment;

    /// <param name="source">The folders of a step's result, topmost first; null stands for scratch: none.</param>
    /// <exception cref="NaruException">NotFound: a source, secret or agent that must be there is not.</exception>
    public static async Task<RunMounts> Prepare(RunStep step, string folder, string scratch, Func<Step?, Task<IReadOnlyList<string>>> source, CacheMounts caches, IBuildSession session, CancellationToken cancel)
    {
        var mounts = new RunMounts(folder, scratch);
        try
        {
            var number = 0;
            foreach (var mount in step.Mounts)
                await mounts.Add(mount, number++, source, caches, session, cancel);
            return mounts;
        }
        catch
        {
            await mounts.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var agent in agents)
            await agent.DisposeAsync();
        for (var number = mounted.Count - 1; number >= 0; number--)
            Naru.Linux.Mounts.Unmount(mounted[number], detach: true);
        for (var number = held.Count - 1; number >= 0; number--)
            held[number].Dispose();
        if (Directory.Exists(scratch))
            Directory.Delete(scratch, recursive: true);
    }

    private async Task Add(RunMount mount, int number, Func<Step?, Task<IReadOnlyList<string>>> source, CacheMounts caches, IBuildSession session, CancellationToken cancel)
    {
        switch (mount.Kind)
        {
            case RunMountKind.Bind:
                var layers = await source(mount.From);
                Bind(mount, mount.Writable ? Writable(layers, number) : ReadOnly(layers, number));
                break;
            case RunMountKind.Cache:
                var first = mount.From is null ? [] : await source(mount.From);
                var lease = await caches.Take(mount, fresh => Fill(fresh, mount, first, number), cancel);
                held.Add(lease);
                mounts.Add(new ContainerMount { Type = "bind", Source = lease.Folder, Destination = mount.Target, ReadWrite = mount.Writable });
                break;
            case RunMountKind.Tmpfs:
                string[] options = mount.Size > 0 ? ["nosuid", "size=" + mount.Size.ToString(CultureInfo.InvariantCulture)] : ["nosuid"];
                mounts.Add(new ContainerMount { Type = "tmpfs", Destination = mount.Target, Options = options });
                break;
            case RunMountKind.Secret:
                await Secret(mount, number, session, cancel);
                break;
            case RunMountKind.Ssh:
                await Agent(mount, number, session, cancel);
                break;
        }
    }

    private string ReadOnly(IReadOnlyList<string> layers, int number)
    {
        var tree = MountedTree.Open(layers, Path.Combine(folder, $"mount-{number}"));
        held.Add(tree);
        return tree.Path;
    }

    /// <summary>The same files with a layer above them that is thrown away.</summary>
    private string Writable(IReadOnlyList<string> layers, int number)
    {
        var (upper, work, target) = (Path.Combine(scratch, $"{number}-upper"), Path.Combine(scratch, $"{number}-work"), Path.Combine(folder, $"mount-{number}"));
        foreach (var path in (string[])[upper, work, target])
            Directory.CreateDirectory(path);
        if (layers.Count == 0)
            return upper;
        FolderLook.Copy(layers[0], upper);
        new FstabOptions(MountFlags.None, MountFlags.None, ["lowerdir=" + string.Join(':', layers), "upperdir=" + upper, "workdir=" + work]).Mount("overlay", "overlay", target);
        mounted.Add(target);
        return target;
    }

    /// <summary>Mounts a path of a tree, resolved within it: its links lead nowhere else.</summary>
    private void Bind(RunMount mount, string tree)
    {
        using var root = Files.Open(tree, OpenFlags.PathOnly | OpenFlags.Directory);
        using var found = Files.TryOpenInRoot(root, mount.Source, OpenFlags.PathOnly) ?? throw NaruException.NotFound($"\"{mount.Source}\": not found");
        var path = Files.TryReadLink(Files.PathOf(found)) ?? throw NaruException.NotFound($"\"{mount.Source}\": not found");
        mounts.Add(new ContainerMount { Type = "bind", Source = path, Destination = mount.Target, ReadWrite = mount.Writable });
    }

    /// <summary>A new cache's first content, and its look.</summary>
    private void Fill(string fresh, RunMount mount, IReadOnlyList<string> layers, int number)
    {
        if (layers.Count > 0)
        {
            using var tree = MountedTree.Open(layers, Path.Combine(folder, $"mount-{number}"));
            Engine.Volumes.VolumeContent.Copy(tree.Path, mount.Source, fresh);
        }

        using var handle = Files.Open(fresh, OpenFlags.PathOnly | OpenFlags.Directory);
        Files.ChangeOwner(handle, mount.Uid, mount.Gid);
        Files.ChangeModeOf(handle, (uint)(mount.Mode ?? 0b111_101_101));
    }

    private async Task Secret(RunMount mount, int number, IBuildSession session, CancellationToken cancel)
    {
        if (await session.Secret(mount.Id, cancel) is not { } secret)
        {
            if (mount.Required)
                throw NaruException.NotFound($"secret {mount.Id}: not found");
            return;
        }

        if (mount.Variable is { } variable)
            environment.Add($"{variable}={System.Text.Encoding.UTF8.GetString(secret)}");
        if (mount.Variable is not null && mount.Target.Length == 0)
            return;
        var path = Path.Combine(Memory(), number.ToString(CultureInfo.InvariantCulture));
        using (var file = Files.Open(path, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoFollow, 0))
        {
            Files.Write(file, secret);
            Files.ChangeOwner(file, mount.Uid, mount.Gid);
            Files.ChangeModeOf(file, (uint)(mount.Mode ?? 0b100_000_000));
        }

        var target = mount.Target.Length > 0 ? mount.Target : DefaultSecretFolder + Path.GetFileName(mount.Id);
        mounts.Add(new ContainerMount { Type = "bind", Source = path, Destination = target, ReadWrite = false });
    }

    /// <summary>A folder that is never on a disk, for nobody but root.</summary>
    private string Memory()
    {
        var secrets = Path.Combine(folder, "secrets");
        if (Directory.Exists(secrets))
            return secrets;
        Directory.CreateDirectory(secrets);
        Naru.Linux.Mounts.Mount("tmpfs", secrets, "tmpfs", MountFlags.NoSuid | MountFlags.NoExec | MountFlags.NoDev, "mode=0700");
        mounted.Add(secrets);
        return secrets;
    }

    private async Task Agent(RunMount mount, int number, IBuildSession session, CancellationToken cancel)
    {
        var id = mount.Id.Length > 0 ? mount.Id : "default";
        await using (var probe = await session.SshAgent(id, cancel))
        {
            if (probe is null)
            {
                if (mount.Required)
                    throw NaruException.NotFound($"unset ssh forward key {id}");
                return;
            }
        }

        var path = Path.Combine(folder, $"agent-{number}");
        agents.Add(new AgentForwarder(path, mount.Uid, mount.Gid, (uint)(mount.Mode ?? 0b110_000_000), stop => session.SshAgent(id, stop)));
        var target = mount.Target.Length > 0 ? mount.Target : DefaultAgentSocket + number.ToString(CultureInfo.InvariantCulture);
        mounts.Add(new ContainerMount { Type = "bind", Source = path, Destination = target });
        if (!environment.Any(one => one.StartsWith("SSH_AUTH_SOCK=", StringComparison.Ordinal)))
            environment.Add("SSH_AUTH_SOCK=" + target);
    }
}
