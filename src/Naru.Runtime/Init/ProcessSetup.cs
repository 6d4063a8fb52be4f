using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using Naru.Base;
using Naru.Linux;
using Naru.Runtime.Seccomp;
using OciProcess = Naru.Oci.Runtime.Process;

namespace Naru.Runtime.Init;

/// <summary>Turns the process it runs in into what config.json's process asks for: the last steps before execve, alike for a container's first process and an exec.</summary>
/// <remarks>Order matters: what needs privilege first, then the bounding set, ids, capabilities, and the filter last of all.</remarks>
internal sealed class ProcessSetup(OciProcess process, SeccompFilter? filter, int preservedDescriptors)
{
    private const string Null = "/dev/null";

    private readonly ulong _effective = Capabilities.Parse(process.Capabilities?.Effective);
    private readonly ulong _permitted = Capabilities.Parse(process.Capabilities?.Permitted);
    private readonly ulong _inheritable = Capabilities.Parse(process.Capabilities?.Inheritable);
    private List<string> _environment = [];

    /// <summary>A stream that is the host's null device becomes the container's own, so that nothing of the host's mounts stays open. Only where nothing in the container can have put another in its place yet.</summary>
    public bool ReopensNull { get; init; }

    /// <summary>The cgroup has some of the processors alone.</summary>
    public bool BoundToCpus { get; init; }

    private string _program = "";

    /// <summary>Where the filter's calls are answered, if any is.</summary>
    public SafeFileHandle? Listener { get; private set; }

    /// <summary>What the program will find, once it is prepared.</summary>
    public IReadOnlyList<string> Environment => _environment;

    /// <summary>Ids, capabilities, working directory, program: everything that can fail, before the runtime is told that the process is ready.</summary>
    public void Prepare()
    {
        var user = process.User ?? new Oci.Runtime.User();
        _environment = UserEnvironment.Complete(process.Env ?? [], user.Uid);
        Processes.CloseOnExecFrom(3 + preservedDescriptors);
        OwnStandardStreams(user.Uid);
        Scheduling.Apply(process, BoundToCpus);
        if (process.NoNewPrivileges)
            Credentials.SetNoNewPrivileges();
        var entered = TryEnterFolder();
        if (process.Capabilities is not null)
            Capabilities.LimitBounding(Capabilities.Parse(process.Capabilities.Bounding));
        Credentials.KeepCapabilities(true);
        SetIds(user);
        if (process.Capabilities is not null)
        {
            // CAP_SYS_ADMIN stays until the filter is in place: capset and execve are then all that is left to do under it.
            SetCapabilities(filter is not null && !process.NoNewPrivileges ? Capabilities.Get().Permitted & Capabilities.SysAdmin : 0);
            Capabilities.SetAmbient(Capabilities.Parse(process.Capabilities.Ambient));
        }

        if (!entered)
            EnterFolder();
        Processes.SetUmask(user.Umask ?? 0x12);
        _program = ProgramPath.Find(process.Args![0], _environment);
        ProcessLimits.Lower(process);
    }

    /// <summary>Tells the runtime, while it is there, of the descriptor at which the filter's calls are answered. It is fetched from this process, which keeps it up to execve.</summary>
    public void OfferListener(Channel channel)
    {
        if (filter is not { Listens: true })
            return;
        var listener = InstallFilter(filter);
        Listener = new SafeFileHandle(listener, ownsHandle: false);
        var number = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(number, listener);
        channel.Send(Channel.Listening, number);
    }

    /// <summary>Installs the filter, for all that runs from now on.</summary>
    public void Confine()
    {
        if (filter is { Listens: false })
            InstallFilter(filter);
    }

    /// <summary>Executes the program. Returns only by failing.</summary>
    public void Execute()
    {
        try
        {
            Processes.Execute(_program, process.Args!, _environment);
        }
        catch (LinuxException failure)
        {
            throw new NaruException(ErrorKind.Internal, $"exec {_program}: {Errno.Text(failure.Number)}", failure);
        }
    }

    /// <param name="spare">Kept beside those that are asked for.</param>
    private void SetCapabilities(ulong spare)
    {
        try
        {
            Capabilities.Set(_effective | spare, _permitted | spare, _inheritable);
        }
        catch (LinuxException failure)
        {
            throw new NaruException(ErrorKind.PermissionDenied, $"unable to apply caps: can't apply capabilities: {Errno.Text(failure.Number)}", failure);
        }
    }

    private int InstallFilter(SeccompFilter installed)
    {
        var listener = SeccompInstaller.Install(installed.Program, installed.Flags);
        if (process.Capabilities is not null && !process.NoNewPrivileges)
            SetCapabilities(spare: 0);
        return listener;
    }

    private static void SetIds(Oci.Runtime.User user)
    {
        try
        {
            Credentials.SetGroups(user.AdditionalGids ?? []);
        }
        catch (LinuxException denied) when (denied.Number == Errno.EPERM && user.AdditionalGids is not { Count: > 0 })
        {
            // A user namespace with setgroups denied: there are none to drop.
        }
        catch (LinuxException denied) when (denied.Number == Errno.EPERM)
        {
            throw new NaruException(ErrorKind.InvalidArgument, "unable to setup user: cannot set any additional groups in a rootless container", denied);
        }
        catch (LinuxException failure)
        {
            throw new NaruException(ErrorKind.InvalidArgument, $"unable to setup user: {failure.Message}", failure);
        }

        Set("gid", user.Gid, Credentials.SetGid);
        Set("uid", user.Uid, Credentials.SetUid);
    }

    private static void Set(string kind, uint id, Action<uint> set)
    {
        try
        {
            set(id);
        }
        catch (LinuxException unmapped) when (unmapped.Number == Errno.EINVAL)
        {
            throw new NaruException(ErrorKind.InvalidArgument, $"unable to setup user: cannot set{kind} to unmapped {kind} {id} in user namespace", unmapped);
        }
        catch (LinuxException failure)
        {
            throw new NaruException(ErrorKind.Internal, $"unable to setup user: {failure.Message}", failure);
        }
    }

    /// <summary>Before the ids change: a folder that is closed to the user may be open to the one who starts the container.</summary>
    /// <returns>False: it is closed to that one. It may be the user's own.</returns>
    private bool TryEnterFolder()
    {
        try
        {
            EnterFolder();
            return true;
        }
        catch (NaruException closed) when (closed.InnerException is LinuxException { Number: Errno.EACCES or Errno.EPERM })
        {
            return false;
        }
    }

    /// <summary>The folder must lie in the container (CVE-2024-21626).</summary>
    private void EnterFolder()
    {
        var path = process.Cwd is { Length: > 0 } cwd ? cwd : "/";
        try
        {
            Processes.ChangeFolder(path);
        }
        catch (LinuxException failure)
        {
            throw new NaruException(ErrorKind.Internal, $"chdir to cwd (\"{path}\") set in config.json failed: {Errno.Text(failure.Number)}", failure);
        }

        if (Processes.CurrentFolder() is not ['/', ..])
            throw NaruException.Precondition("current working directory is outside of container mount namespace root -- possible container breakout detected");
    }

    /// <summary>Hands the standard streams to the user, so that /dev/stdout can be opened; not the null device, which all share.</summary>
    private void OwnStandardStreams(uint uid)
    {
        for (var number = 0; number <= 2; number++)
        {
            if (!Processes.IsOpen(number))
                continue;
            using var stream = new SafeFileHandle(number, ownsHandle: false);
            var status = Files.Status(stream);
            if (IsNull(status))
            {
                if (ReopensNull && IsNull(Files.TryStatus(Null)))
                    Reopen(number);
                continue;
            }

            if (status.Uid == uid)
                continue;
            try
            {
                Files.ChangeOwner(stream, uid, status.Gid);
            }
            catch (LinuxException refused) when (refused.Number is Errno.EPERM or Errno.EINVAL or Errno.EROFS)
            {
                // The stream may belong to a namespace whose ids are not ours to give away.
            }
        }
    }

    private static bool IsNull(FileStatus? status) => status is { Kind: FileKind.Character, NodeMajor: 1, NodeMinor: 3 };

    private static void Reopen(int number)
    {
        using var own = Files.Open(Null, OpenFlags.ReadWrite);
        Processes.Duplicate(own, number);
    }
}
