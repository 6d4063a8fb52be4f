using Xunit.Sdk;

namespace Naru.Conformance.Tests.Requirements;

/// <summary>A test of one requirement. Its display name, <c>REGISTRY PLACE LEVEL sentence</c>, is a row of docs/conformance.md.</summary>
/// <param name="place">Where it is asked for: the spec's id of an end-point (<c>end-2</c>) or of an error code (<c>code-1</c>), a section, or another standard.</param>
/// <param name="level">MUST, SHOULD or MAY.</param>
/// <param name="name">The method's own name: a sentence with underscores.</param>
[XunitTestCaseDiscoverer("Naru.Conformance.Tests.Requirements.RequirementDiscoverer", "Naru.Conformance.Tests")]
[AttributeUsage(AttributeTargets.Method)]
public abstract class RequirementAttribute(string place, string level, string name) : FactAttribute
{
    public string Sentence { get; } = $"{place} {level} {name.Replace('_', ' ')}";
}
