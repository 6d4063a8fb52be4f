using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Naru.Base;
using Naru.Linux;
using Naru.Runtime.Init;

namespace Naru.Runtime.Checkpoint;

/// <summary>One run of the criu program, which serves one request and ends («criu swrk 3»): a child of the runtime, spoken to over a pair of sockets that keeps packets apart.</summary>
/// <remarks>Descriptors that a request names are the runtime's own: CRIU opens them through the runtime's /proc. Those that restored processes inherit are passed on, from 4 on.</remarks>
internal sealed class Criu : IDisposable
{
    /// <summary>The first number of the descriptors that are passed on: 0 to 2 are the runtime's streams, 3 is the socket.</summary>
    public const int FirstPassed = 4;

    private const int Sigkill = 9, LongestMessage = 40960;

    private readonly SafeFileHandle _socket, _refusal;
    private readonly Action<string> _debug;
    private bool _ended;

    private Criu(SafeFileHandle socket, SafeFileHandle refusal, int pid, Action<string> debug) => (_socket, _refusal, Pid, _debug) = (socket, refusal, pid, debug);

    public int Pid { get; }

    /// <summary>Takes CRIU's notifications, and the descriptors that come with them.</summary>
    public Action<CriuResponse, IReadOnlyList<SafeFileHandle>>? Notified { get; init; }

    /// <summary>Starts the program.</summary>
    /// <param name="passed">What it gets as <see cref="FirstPassed"/> and so on.</param>
    /// <param name="prepare">What the child does first, in a mount namespace of its own; null where it needs none.</param>
    /// <exception cref="NaruException">FailedPrecondition: it is not installed.</exception>
    public static Criu Start(Action<string> debug, IReadOnlyList<SafeFileHandle>? passed = null, Action? prepare = null, Action<CriuResponse, IReadOnlyList<SafeFileHandle>>? notified = null)
    {
        var program = ProgramPath.Find("criu", [$"PATH={Environment.GetEnvironmentVariable("PATH")}"]);
        var (own, childs) = SocketPair.CreatePackets();
        var refusal = Files.Memory("refusal");
        using (childs)
        {
            var pid = Processes.Fork(prepare is null ? NamespaceKinds.None : NamespaceKinds.Mount);
            if (pid == 0)
                Become(program, [childs, .. passed ?? []], prepare, refusal);
            return new Criu(own, refusal, pid, debug) { Notified = notified };
        }
    }

    /// <summary>Has CRIU do what is asked, answering what it tells on the way.</summary>
    /// <param name="options">criu_opts; null where the request has none.</param>
    /// <exception cref="NaruException">CRIU failed, or has ended; or what <see cref="Notified"/> throws.</exception>
    public CriuResponse Ask(CriuRequestType type, ProtoWriter? options)
    {
        var request = new ProtoWriter();
        request.Number(1, (int)type);
        if (options is not null)
            request.Message(2, options);
        if (type == CriuRequestType.FeatureCheck)
        {
            var features = new ProtoWriter();
            features.Flag(1, true);
            features.Flag(2, true);
            request.Message(5, features);
        }

        Send(request);
        var handles = new List<SafeFileHandle>();
        while (true)
        {
            var response = Receive(handles);
            if (!response.Success)
                throw new NaruException(ErrorKind.Internal, $"criu failed: type {NameOf(response.Type)} errno {response.Errno.ToString(CultureInfo.InvariantCulture)}");
            if (response.Type != CriuRequestType.Notify)
                return response;
            _debug($"notify: {response.Script}");
            Notified?.Invoke(response, handles);
            handles.ForEach(handle => handle.Dispose());
            handles.Clear();
            var done = new ProtoWriter();
            done.Number(1, (int)CriuRequestType.Notify);
            done.Flag(3, true);
            Send(done);
        }
    }

    /// <summary>Waits for its end, which comes once nobody has more to ask.</summary>
    /// <returns>Its exit status.</returns>
    public int Finish()
    {
        _socket.Dispose();
        _ended = true;
        return Processes.TryWait(Pid) ?? 0;
    }

    public void Dispose()
    {
        if (!_ended)
        {
            // It ends by itself at the closed socket, but may be stopped, frozen with the container, or busy.
            Processes.Kill(Pid, Sigkill);
            Finish();
        }

        _refusal.Dispose();
    }

    public static string NameOf(CriuRequestType type) => type switch
    {
        CriuRequestType.Empty => "EMPTY",
        CriuRequestType.Dump => "DUMP",
        CriuRequestType.Restore => "RESTORE",
        CriuRequestType.PreDump => "PRE_DUMP",
        CriuRequestType.Notify => "NOTIFY",
        CriuRequestType.FeatureCheck => "FEATURE_CHECK",
        CriuRequestType.Version => "VERSION",
        _ => ((int)type).ToString(CultureInfo.InvariantCulture),
    };

    private void Send(ProtoWriter message)
    {
        try
        {
            Files.Write(_socket, message.Written);
        }
        catch (LinuxException ended) when (ended.Number is Errno.EPIPE or Errno.ECONNRESET)
        {
            throw Ended();
        }
    }

    private CriuResponse Receive(List<SafeFileHandle> handles)
    {
        var buffer = new byte[LongestMessage];
        int count;
        try
        {
            count = SocketPair.Receive(_socket, buffer, handles);
        }
        catch (LinuxException ended) when (ended.Number == Errno.ECONNRESET)
        {
            count = 0;
        }

        return count switch
        {
            0 => throw Ended(),
            LongestMessage => throw new NaruException(ErrorKind.Internal, "buffer is too small"),
            _ => CriuResponse.Parse(buffer.AsSpan(0, count)),
        };
    }

    /// <summary>Why there is no answer: what kept the program from starting, if anything did.</summary>
    private NaruException Ended()
    {
        Finish();
        return new(ErrorKind.Internal, Encoding.UTF8.GetString(Files.ReadFromStart(_refusal)) is { Length: > 0 } reason ? reason : "criu ended without an answer: unexpected EOF");
    }

    /// <summary>The child: never returns.</summary>
    private static void Become(string program, IReadOnlyList<SafeFileHandle> handles, Action? prepare, SafeFileHandle refusal)
    {
        // Above all that is to be passed on, so that none overwrites another before its turn.
        const int apart = 100, socket = FirstPassed - 1;
        try
        {
            Processes.ResetSignals();
            prepare?.Invoke();
            for (var index = 0; index < handles.Count; index++)
                Processes.Duplicate(handles[index], apart + index);
            for (var index = 0; index < handles.Count; index++)
            {
                using var moved = new SafeFileHandle(apart + index, ownsHandle: false);
                Processes.Duplicate(moved, socket + index);
            }

            Processes.CloseOnExecFrom(socket + handles.Count);
            Processes.Execute(program, ["criu", "swrk", "3"]);
        }
        catch (Exception failure)
        {
            // The runtime finds it when the socket has closed.
            Files.Write(refusal, Encoding.UTF8.GetBytes(failure.Message));
        }

        Processes.Exit(1);
    }
}
