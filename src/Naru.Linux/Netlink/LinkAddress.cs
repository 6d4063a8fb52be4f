using System.Net;

namespace Naru.Linux;

/// <summary>An address that a link has.</summary>
/// <param name="IsPermanent">It was set by hand, and does not expire.</param>
/// <param name="IsGlobal">It is valid beyond the link.</param>
public sealed record LinkAddress(int LinkIndex, IPAddress Address, int PrefixLength, bool IsPermanent, bool IsGlobal);
