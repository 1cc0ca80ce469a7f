using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ShimStack.Compatibility;

/// <summary>
/// What a run has written by --report-xunit-xml: a "test" element for each test, with its traits. Arguments stand in the display name only:
/// Namespace.Class.Method(line: "1.6"), on the test platform with backslashes before the quotes.
/// </summary>
internal static partial class XunitReport
{
    private const string Trait = "feature";

    /// <summary>The tests that name a feature; the others are no concern of the table.</summary>
    /// <exception cref="InvalidDataException">A test names a feature, and its first argument is no text.</exception>
    public static IReadOnlyList<FeatureResult> Read(XDocument report) =>
        [.. report.Descendants("test").SelectMany(test => FeaturesOf(test).Select(feature => Result(test, feature)))];

    private static IEnumerable<string> FeaturesOf(XElement test) => test.Descendants("trait")
        .Where(trait => trait.Attribute("name")?.Value == Trait)
        .Select(trait => trait.Attribute("value")?.Value ?? "");

    private static FeatureResult Result(XElement test, string feature)
    {
        string name = test.Attribute("name")?.Value ?? "";
        Match argument = FirstArgument().Match(name);
        string column = argument.Success
            ? argument.Groups[1].Value
            : throw new InvalidDataException($"{name} is a cell of the table, but its first argument is not the text that names a column");
        return test.Attribute("result")?.Value switch
        {
            "Pass" => new FeatureResult(feature, column, Outcome.Passed, ""),
            "Fail" => new FeatureResult(feature, column, Outcome.Failed, FirstLine(test.Descendants("message").FirstOrDefault()?.Value)),
            _ => new FeatureResult(feature, column, Outcome.Skipped, FirstLine(test.Element("reason")?.Value)),
        };
    }

    private static string FirstLine(string? text) => (text ?? "").Trim().Split('\n')[0].Trim();

    [GeneratedRegex("""\(\w+: \\?"([^"\\]*)\\?"[,)]""")]
    private static partial Regex FirstArgument();
}
