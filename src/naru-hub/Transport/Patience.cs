namespace Naru.HubServer.Transport;

/// <summary>How slow a client may be: within <paramref name="Time"/> it must have sent the head of a request, and of a body it must send or take <see cref="Least"/> bytes.</summary>
internal sealed record Patience(TimeSpan Time)
{
    /// <summary>Bytes a second: what Kestrel asks of its clients too.</summary>
    public const int Rate = 240;

    public long Least { get; } = (long)(Rate * Time.TotalSeconds);
}
