using System.Runtime.CompilerServices;

namespace Naru.Conformance.Tests.Requirements;

/// <summary>What a registry has to do to conform.</summary>
public sealed class MustAttribute(string place, [CallerMemberName] string name = "") : RequirementAttribute(place, "MUST", name);
