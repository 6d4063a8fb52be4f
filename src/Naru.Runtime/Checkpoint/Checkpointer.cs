using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Naru.Base;
using Naru.Linux;
using Naru.Oci.Runtime;
using Naru.Runtime.Lifecycle;
using Naru.Runtime.SpecValidation;
using Naru.Runtime.State;

namespace Naru.Runtime.Checkpoint;

/// <summary>checkpoint: has CRIU write a container's processes to files. Unless they are to go on, CRIU ends them, and the container is deleted.</summary>
internal sealed class Checkpointer(StateFolder folder, CriuOptions options, Action<string> warn, Action<string> debug)
{
    private readonly CriuVersion _criu = new(debug);

    /// <exception cref="NaruException"/>
    public void Run(string id)
    {
        var state = folder.Load(id);
        var status = folder.StatusOf(state);
        if (status is "created" or "stopped")
            throw NaruException.Precondition($"Container cannot be checkpointed in {status} state");
        _criu.Require();
        _criu.RequireFeatures(options.PreDump, options.LazyPages);
        using var statusDescriptor = options.StatusDescriptor < 0 ? null : WritableDescriptor(options.StatusDescriptor);
        var spec = SpecReader.Parse(folder.LoadConfig(state));
        using (var request = Describe(state, spec))
        {
            try
            {
                Dump(request, statusDescriptor);
            }
            catch (NaruException)
            {
                CriuLog.Quote(request.Log, warn);
                throw;
            }
        }

        if (!options.LeaveRunning && !options.PreDump)
            new ContainerRemover(folder).DeleteEnded(id, warn);
    }

    private CriuRequest Describe(ContainerState state, Spec spec)
    {
        Directory.CreateDirectory(options.ImagePath, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        CheckParent();
        var request = new CriuRequest(options, spec, CriuLog.OfDump, state.Rootfs);
        request.Options.Number(CriuOption.Pid, state.Pid);
        request.Options.Flag(CriuOption.LeaveRunning, options.LeaveRunning);
        request.Options.Flag(CriuOption.LinkRemap, options.LinkRemap);
        request.Options.Flag(CriuOption.TcpSkipInFlight, options.TcpSkipInFlight);
        // What is joined by its path is not the container's to save.
        foreach (var entry in spec.Linux?.Namespaces ?? [])
        {
            if (ExternalNamespaces.KeyOf(entry) is { } key && Files.TryStatus(entry.Path!) is { } status)
                request.External($"{ExternalNamespaces.NameOf(entry.Type)}[{status.Inode.ToString(CultureInfo.InvariantCulture)}]:{key}");
        }

        const int freezesUnified = 31400;
        var cgroup = new Cgroup(state.Cgroups);
        if (cgroup.FolderOf("freezer") is { } freezer && (!cgroup.IsUnified || _criu.IsAtLeast(freezesUnified)))
            request.Options.Text(CriuOption.FreezeCgroup, freezer);
        if (options.PageServer is { } server)
        {
            var page = new ProtoWriter();
            page.Text(1, server);
            page.Number(2, options.PageServerPort);
            request.Options.Message(CriuOption.PageServer, page);
        }

        if (options.ParentPath is { } parent)
        {
            request.Options.Text(CriuOption.ParentImg, parent);
            request.Options.Flag(CriuOption.TrackMem, true);
        }

        if (options.PreDump)
            return request;
        ExternalMounts.AddToDump(request, spec, state.Cgroups, state.Rootfs, state.Pid);
        Files.Replace($"{options.ImagePath}/{StandardStreams.FileName}", StandardStreams.Write(state), 0x180);
        return request;
    }

    private void Dump(CriuRequest request, SafeFileHandle? status)
    {
        const int tellsWhenReady = 31500;
        if (status is not null && !_criu.IsAtLeast(tellsWhenReady))
            request.Options.Number(CriuOption.StatusFd, CriuRequest.Number(status));
        using var criu = Criu.Start(debug, notified: (message, _) =>
        {
            if (message.Script == "status-ready" && status is not null)
                TellReady(status);
        });
        var type = options.PreDump ? CriuRequestType.PreDump : CriuRequestType.Dump;
        debug($"Using CRIU in {Criu.NameOf(type)} mode");
        criu.Ask(type, request.Options);
        // After a pre-dump it waits for the dump, which another criu will make.
        if (criu.Finish() is var ended and not 0 && !options.PreDump)
            throw new NaruException(ErrorKind.Internal, $"criu failed: exit status {ended}");
    }

    private void TellReady(SafeFileHandle status)
    {
        try
        {
            Files.Write(status, [0]);
            status.Dispose();
        }
        catch (LinuxException failure)
        {
            warn($"can't write \\0 to status fd: {Errno.Text(failure.Number)}");
        }
    }

    private void CheckParent()
    {
        if (options.ParentPath is not { } parent)
            return;
        var path = Path.GetFullPath(Path.Combine(options.ImagePath, parent));
        if (Files.TryStatus(path) is not { } status)
            throw NaruException.Invalid($"invalid --parent-path: stat {path}: no such file or directory");
        if (status.Kind != FileKind.Directory)
            throw NaruException.Invalid($"invalid --parent-path: {path}: not a directory");
    }

    private static SafeFileHandle WritableDescriptor(int number)
    {
        if (!Processes.IsOpen(number))
            throw NaruException.Invalid($"invalid --status-fd argument {number}: bad file descriptor");
        if (!Processes.IsWritable(number))
            throw NaruException.Invalid($"invalid --status-fd argument {number}: not writable");
        return new SafeFileHandle(number, ownsHandle: true);
    }
}
