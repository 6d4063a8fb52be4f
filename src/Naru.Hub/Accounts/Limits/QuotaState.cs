namespace Naru.Hub.Accounts.Limits;

/// <summary>Bytes that an account holds, and may hold; null is any amount.</summary>
public sealed record QuotaState(long Used, long? Limit);
