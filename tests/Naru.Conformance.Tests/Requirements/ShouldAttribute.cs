using System.Runtime.CompilerServices;

namespace Naru.Conformance.Tests.Requirements;

/// <summary>What a registry does unless it has a reason not to.</summary>
public sealed class ShouldAttribute(string place, [CallerMemberName] string name = "") : RequirementAttribute(place, "SHOULD", name);
