using System.Globalization;

namespace Naru.Hub.Accounts.Limits;

/// <summary>How a caller stands to the limit of pulls, for the headers that Docker Hub sends.</summary>
/// <param name="Source">What is counted: an address, or an account's name (<c>docker-ratelimit-source</c>).</param>
public sealed record PullLimitState(int Limit, int Remaining, TimeSpan Window, string Source)
{
    /// <summary><c>ratelimit-limit</c>: <c>100;w=21600</c>.</summary>
    public string LimitHeader => string.Create(CultureInfo.InvariantCulture, $"{Limit};w={(long)Window.TotalSeconds}");

    /// <summary><c>ratelimit-remaining</c>: <c>76;w=21600</c>.</summary>
    public string RemainingHeader => string.Create(CultureInfo.InvariantCulture, $"{Remaining};w={(long)Window.TotalSeconds}");
}
