using Naru.Base;
using Naru.Linux;
using Naru.Runtime.DBus;

namespace Naru.Runtime.Cgroups;

/// <summary>systemd's manager, of the machine or of a user, by org.freedesktop.systemd1(5): transient units, and their end.</summary>
internal sealed class SystemdBus : IDisposable
{
    private const string Name = "org.freedesktop.systemd1", Manager = "org.freedesktop.systemd1.Manager", Object = "/org/freedesktop/systemd1";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly DBusConnection _connection;

    private SystemdBus(DBusConnection connection) => _connection = connection;

    /// <summary>The machine's manager by its private socket, which no bus has to be there for; a user's by his bus, or by that manager's socket.</summary>
    /// <exception cref="NaruException">Unavailable</exception>
    public static SystemdBus Open(bool user)
    {
        if (user)
            return OpenUser();
        try
        {
            return At("/run/systemd/private");
        }
        catch (LinuxException absent)
        {
            throw new NaruException(ErrorKind.Unavailable, $"systemd: {absent.Message}", absent);
        }
    }

    /// <summary>A manager at its own socket.</summary>
    /// <exception cref="LinuxException">Nobody listens there.</exception>
    public static SystemdBus At(string path) => new(DBusConnection.Open(path, Patience));

    /// <summary>Whose manager the calling user's bus leads to; 0, root's, where there is none or it does not say.</summary>
    public static uint UserOfOwn()
    {
        try
        {
            using var bus = OpenUser();
            return bus.User();
        }
        catch (NaruException)
        {
            return 0;
        }
    }

    /// <summary>The id of the user whom the manager is run by, as the bus counts: in a user namespace root's manager is that of root outside, or of an unprivileged user.</summary>
    /// <exception cref="NaruException">It is no bus, but the manager's own socket.</exception>
    public uint User()
    {
        var answer = _connection.Call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "GetConnectionUnixUser", DBusValue.Of(Name));
        return new DBusReader(answer.Body).UInt32();
    }

    /// <summary>Starts a transient unit and waits until it is there. What an earlier one of that name left failed is cleared away first.</summary>
    /// <exception cref="NaruException">What systemd says against it.</exception>
    public void Start(string unit, IReadOnlyList<(string Name, DBusValue Value)> properties)
    {
        try
        {
            StartOnce(unit, properties);
        }
        catch (DBusException exists) when (exists.Name == "org.freedesktop.systemd1.UnitExists")
        {
            ResetFailed(unit);
            StartOnce(unit, properties);
        }
    }

    /// <summary>Stops a unit, and what is in it, and waits until it has; one that has gone already is fine.</summary>
    public void Stop(string unit)
    {
        try
        {
            Finish(Call("StopUnit", DBusValue.Of(unit), DBusValue.Of("replace")), unit, "remove");
        }
        catch (DBusException gone) when (gone.Name == "org.freedesktop.systemd1.NoSuchUnit")
        {
        }

        ResetFailed(unit);
    }

    /// <summary>Changes a unit's properties until the machine is booted again.</summary>
    public void Set(string unit, IReadOnlyList<(string Name, DBusValue Value)> properties) =>
        Call("SetUnitProperties", DBusValue.Of(unit), DBusValue.Of(true), Properties(properties));

    /// <summary>Moves a process into a unit's cgroup: for a user who may not himself.</summary>
    /// <param name="below">A cgroup below the unit's own, «/a/b»; «/» is its own.</param>
    public void Attach(string unit, int pid, string below) =>
        Call("AttachProcessesToUnit", DBusValue.Of(unit), DBusValue.Of(below), DBusValue.Of([(uint)pid]));

    /// <summary>The manager's own cgroup, «/user.slice/user-1000.slice/user@1000.service»; «/» of the machine's is empty.</summary>
    public string ControlGroup()
    {
        var answer = _connection.Call(Name, Object, "org.freedesktop.DBus.Properties", "Get", DBusValue.Of(Manager), DBusValue.Of("ControlGroup"));
        return new DBusReader(answer.Body).Variant();
    }

    public void Dispose() => _connection.Dispose();

    private static SystemdBus OpenUser()
    {
        var runtime = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR");
        var address = Environment.GetEnvironmentVariable("DBUS_SESSION_BUS_ADDRESS");
        var bus = PathOf(address) ?? (runtime is null ? null : $"{runtime}/bus");
        try
        {
            if (bus is not null && File.Exists(bus))
            {
                var connection = DBusConnection.Open(bus, Patience);
                connection.Call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "Hello");
                connection.Call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "AddMatch",
                    DBusValue.Of($"type='signal',interface='{Manager}',member='JobRemoved',path='{Object}'"));
                return new SystemdBus(connection);
            }

            if (runtime is not null && File.Exists($"{runtime}/systemd/private"))
                return At($"{runtime}/systemd/private");
        }
        catch (LinuxException absent)
        {
            throw new NaruException(ErrorKind.Unavailable, $"failed to connect to dbus: {absent.Message}", absent);
        }

        throw new NaruException(ErrorKind.Unavailable, "failed to connect to dbus (hint: for rootless containers, maybe you need to install dbus-user-session package): "
            + "could not detect DBUS_SESSION_BUS_ADDRESS from the environment");
    }

    /// <summary>The socket of a D-Bus address «unix:path=/run/user/1000/bus,guid=…»; several are parted by «;».</summary>
    private static string? PathOf(string? address)
    {
        foreach (var one in (address ?? "").Split(';'))
        {
            if (!one.StartsWith("unix:", StringComparison.Ordinal))
                continue;
            foreach (var pair in one[5..].Split(','))
            {
                if (pair.StartsWith("path=", StringComparison.Ordinal))
                    return Uri.UnescapeDataString(pair[5..]);
            }
        }

        return null;
    }

    private void StartOnce(string unit, IReadOnlyList<(string Name, DBusValue Value)> properties) =>
        Finish(Call("StartTransientUnit", DBusValue.Of(unit), DBusValue.Of("replace"), Properties(properties), new DBusValue.Array("(sa(sv))", [])), unit, "create");

    /// <summary>A call is answered with a job; the unit is there, or gone, once the job is done.</summary>
    private void Finish(DBusMessage answer, string unit, string what)
    {
        var job = new DBusReader(answer.Body).Text();
        var removed = _connection.Await(signal => signal.Member == "JobRemoved" && JobOf(signal).Path == job, Patience)
            ?? throw new NaruException(ErrorKind.DeadlineExceeded, $"Timeout waiting for systemd to {what} {unit}");
        var result = JobOf(removed).Result;
        if (result == "done" || what == "remove")
            return;
        ResetFailed(unit);
        throw new NaruException(ErrorKind.Internal, $"error creating systemd unit `{unit}`: got `{result}`");
    }

    /// <summary>JobRemoved(u id, o job, s unit, s result)</summary>
    private static (string Path, string Result) JobOf(DBusMessage signal)
    {
        var body = new DBusReader(signal.Body);
        body.UInt32();
        var path = body.Text();
        body.Text();
        return (path, body.Text());
    }

    /// <summary>A failed unit is kept for people to look at; this one nobody would come to see.</summary>
    private void ResetFailed(string unit)
    {
        try
        {
            Call("ResetFailedUnit", DBusValue.Of(unit));
        }
        catch (DBusException)
        {
            // It had not failed, or has gone.
        }
    }

    private DBusMessage Call(string member, params IReadOnlyList<DBusValue> arguments) => _connection.Call(Name, Object, Manager, member, arguments);

    private static DBusValue.Array Properties(IReadOnlyList<(string Name, DBusValue Value)> properties) =>
        new("(sv)", properties.Select(property => (DBusValue)new DBusValue.Struct([DBusValue.Of(property.Name), new DBusValue.Variant(property.Value)])).ToList());
}
