using ShimStack.Supervisor.Configuration;

namespace ShimStack.Supervisor.Tests.Configuration;

public sealed class DocumentationTests
{
    [Fact]
    public void ThePageHasTheSettingsOfTheCode()
    {
        SupervisorSettings defaults = new();
        IEnumerable<string> expected = SettingsTable.All.Select(setting =>
            setting.Get(defaults) is string value ? $"| `{setting.Name}` | `{value}` | {setting.Help} |" : $"| `{setting.Name}` | | {setting.Help} |");
        IEnumerable<string> found = File.ReadLines(Path.Join(Repository.Directory, "docs/shimstackd.md"))
            .SkipWhile(line => line != "| setting | default | what it is |").Skip(2).TakeWhile(line => line.StartsWith('|'));
        Assert.Equal(expected, found);
    }

    [Fact]
    public void ThePageHasTheExitCodesOfTheCode()
    {
        string page = File.ReadAllText(Path.Join(Repository.Directory, "docs/shimstackd.md"));
        string codes = page[page.IndexOf("Exit codes:", StringComparison.Ordinal)..];
        Assert.All(Enum.GetValues<ExitCode>(), code => Assert.Matches($@"\b{(int)code}\b", codes[..codes.IndexOf("\n\n", StringComparison.Ordinal)]));
    }
}
