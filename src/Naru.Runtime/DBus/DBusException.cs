using Naru.Base;

namespace Naru.Runtime.DBus;

/// <summary>An error that the other side answered with.</summary>
/// <param name="name">«org.freedesktop.systemd1.UnitExists».</param>
internal sealed class DBusException(string name, string message) : NaruException(ErrorKind.Internal, message)
{
    public string Name { get; } = name;
}
