namespace Naru.Api;

/// <summary>Go's struct{}: the value of a set's keys, always {}.</summary>
public sealed record EmptyObject;
