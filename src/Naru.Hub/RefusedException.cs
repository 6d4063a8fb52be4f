using Naru.Base;

namespace Naru.Hub;

/// <summary>A failure that somebody who fills in a form can do something about. The message is what an API says; <see cref="Refusal"/> and <see cref="About"/> are for who says it in another language.</summary>
/// <param name="about">What it is about, in the order that <see cref="Naru.Hub.Refusal"/> gives: names, limits.</param>
public sealed class RefusedException(Refusal refusal, ErrorKind kind, string message, params string[] about) : NaruException(kind, message)
{
    public Refusal Refusal { get; } = refusal;

    public IReadOnlyList<string> About { get; } = about;
}
