using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Naru.Vm.Tests;

/// <summary>Runs the tests of this assembly, one after the other.</summary>
/// <remarks>Where processors are emulated, the usual runner's two programs would take minutes before the first test.</remarks>
internal static class Program
{
    /// <param name="words">A test runs if its full name holds one of them; all run without any.</param>
    private static int Main(string[] words)
    {
        using var report = new Report();
        var options = new RunOptions();
        using var framework = new XunitTestFramework(report);
        using var discoverer = framework.GetDiscoverer(Reflector.Wrap(Assembly.GetExecutingAssembly()));
        discoverer.Find(includeSourceInformation: false, report, options);
        report.WaitForDiscovery();
        var cases = report.Found.Where(test => words.Length == 0 || words.Any(word => NameOf(test).Contains(word, StringComparison.Ordinal))).ToArray();
        using var executor = framework.GetExecutor(Assembly.GetExecutingAssembly().GetName());
        executor.RunTests(cases, report, options);
        report.WaitForTheEnd();
        return report.Write();
    }

    private static string NameOf(ITestCase test) => $"{test.TestMethod.TestClass.Class.Name}.{test.TestMethod.Method.Name}";
}
