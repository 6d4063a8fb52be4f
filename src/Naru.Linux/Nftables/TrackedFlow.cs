using System.Net;

namespace Naru.Linux;

/// <summary>A flow that connection tracking knows: its protocol, the port its first packet went to, and who answers (the container, after translation).</summary>
public sealed record TrackedFlow(byte Protocol, int Port, IPAddress Answerer);
