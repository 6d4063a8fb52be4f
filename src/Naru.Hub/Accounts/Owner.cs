namespace Naru.Hub.Accounts;

/// <summary>The account that a name belongs to.</summary>
/// <param name="Private">What a first push makes.</param>
/// <param name="Mine">Who asks is that account, or owns that organisation.</param>
internal sealed record Owner(long Id, bool Private, bool Mine);
