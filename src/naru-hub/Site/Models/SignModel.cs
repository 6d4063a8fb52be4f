namespace Naru.HubServer.Site.Models;

/// <summary>What a form of signing in or up holds when it comes back.</summary>
/// <param name="Next">Where to go afterwards: a path of this site.</param>
internal sealed record SignModel(string Name = "", string Email = "", string Next = "/", string? Failure = null);
