using System.Net;

namespace Naru.Linux;

/// <summary>An IPv4 route of the main table; <see cref="LinkIndex"/> is 0 where it has several or none.</summary>
public sealed record Route(IPNetwork Destination, IPAddress? Gateway, int LinkIndex);
