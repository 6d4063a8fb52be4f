using System.Net;

namespace Naru.Linux;

/// <summary>An address that a link has.</summary>
public sealed record LinkAddress(int LinkIndex, IPAddress Address, int PrefixLength);
