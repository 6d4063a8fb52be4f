using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Naru.Vm.Tests;

/// <summary>Runs the tests of this assembly, one after the other.</summary>
/// <remarks>Where processors are emulated, the usual runner's two programs would take minutes before the first test.</remarks>
internal static class Program
{
    /// <param name="words">A test runs if its full name holds one of them, and none of those that a dash is before; all run without any.</param>
    private static int Main(string[] words)
    {
        using var report = new Report();
        var options = new RunOptions();
        using var framework = new XunitTestFramework(report);
        using var discoverer = framework.GetDiscoverer(Reflector.Wrap(Assembly.GetExecutingAssembly()));
        discoverer.Find(includeSourceInformation: false, report, options);
        report.WaitForDiscovery();
        var cases = report.Found.Where(test => Named(test, words)).ToArray();
        using var executor = framework.GetExecutor(Assembly.GetExecutingAssembly().GetName());
        executor.RunTests(cases, report, options);
        report.WaitForTheEnd();
        return report.Write();
    }

    private static bool Named(ITestCase test, string[] words)
    {
        var name = NameOf(test);
        var (without, with) = (words.Where(word => word[0] == '-'), words.Where(word => word[0] != '-'));
        return !without.Any(word => name.Contains(word[1..], StringComparison.Ordinal)) && (!with.Any() || with.Any(word => name.Contains(word, StringComparison.Ordinal)));
    }

    private static string NameOf(ITestCase test) => $"{test.TestMethod.TestClass.Class.Name}.{test.TestMethod.Method.Name}";
}
