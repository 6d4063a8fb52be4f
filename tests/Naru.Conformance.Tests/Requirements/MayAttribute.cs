using System.Runtime.CompilerServices;

namespace Naru.Conformance.Tests.Requirements;

/// <summary>What a registry is free to do, and Docker's clients or users know.</summary>
public sealed class MayAttribute(string place, [CallerMemberName] string name = "") : RequirementAttribute(place, "MAY", name);
