using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Naru.Tests.House;

/// <summary>Who may reference whom: the table in ARCHITECTURE.md, and what the project files really say.</summary>
internal static partial class ReferenceRules
{
    private const string Heading = "## Allowed references";

    /// <summary>Reads the table below the heading: project to the projects that it may reference.</summary>
    /// <exception cref="FormatException">The heading or its table is missing, or a project has two rows.</exception>
    public static Dictionary<string, HashSet<string>> ReadTable(string architecture)
    {
        var start = architecture.IndexOf(Heading, StringComparison.Ordinal);
        if (start < 0)
        {
            throw new FormatException($"ARCHITECTURE.md has no heading '{Heading}'");
        }
        var allowed = new Dictionary<string, HashSet<string>>();
        foreach (var line in architecture[start..].Split('\n').Skip(1).TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal)))
        {
            var cells = line.Split('|', StringSplitOptions.TrimEntries);
            if (cells.Length != 4 || cells[1] is "project" || cells[1].StartsWith('-'))
            {
                continue;
            }
            foreach (var project in Names(cells[1]))
            {
                if (!allowed.TryAdd(project, [.. Names(cells[2])]))
                {
                    throw new FormatException($"ARCHITECTURE.md: {project} has two rows in the table of references");
                }
            }
        }
        return allowed.Count > 0 ? allowed : throw new FormatException("ARCHITECTURE.md: the table of references is empty");
    }

    /// <summary>The projects named by a project file's ProjectReference items.</summary>
    public static List<string> ReadProject(string xml) =>
        [.. from item in XDocument.Parse(xml).Descendants("ProjectReference")
            select Path.GetFileNameWithoutExtension(item.Attribute("Include")!.Value.Replace('\\', '/'))];

    /// <summary>One line for each arrow that the table does not have, and for each project without a row.</summary>
    public static List<string> Violations(
        Dictionary<string, HashSet<string>> allowed, IEnumerable<(string Project, List<string> References)> projects)
    {
        var wrong = new List<string>();
        foreach (var (project, references) in projects)
        {
            if (!allowed.TryGetValue(project, out var may))
            {
                wrong.Add($"{project} has no row in ARCHITECTURE.md's table of references");
                continue;
            }
            wrong.AddRange(from target in references where !may.Contains(target) select $"{project} -> {target} is not allowed");
        }
        return wrong;
    }

    private static IEnumerable<string> Names(string cell) => from Match match in ProjectName().Matches(cell) select match.Value;

    [GeneratedRegex(@"\b(Naru\.[A-Za-z]+|naru(d|-[a-z]+)?)(?![\w.-])")]
    private static partial Regex ProjectName();
}
