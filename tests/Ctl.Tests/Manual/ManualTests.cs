using System.CommandLine;
using ShimStack.Ctl.Commands;
using ShimStack.Ctl.Doctor;
using ShimStack.Ctl.Manual;
using ShimStack.Native.Processes;

namespace ShimStack.Ctl.Tests.Manual;

[Collection(nameof(ProgramRun))] // who reaps takes everybody's children
public sealed class ManualTests
{
    private static readonly IReadOnlyList<(string File, string Text)> Pages = [.. ManualPages.Of(CtlCommand.Create(), "1.2.3")];

    [Fact]
    public void EveryCommandThatIsShownHasAPage()
    {
        Assert.Equal(
            NamesOf(CtlCommand.Create(), "shimctl").Select(name => name + ".1").Order(StringComparer.Ordinal),
            Pages.Select(page => page.File).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void EveryOptionOfACommandIsOnItsPage()
    {
        string page = Pages.Single(page => page.File == "shimctl-run.1").Text;
        Assert.All(
            CtlCommand.Create().Subcommands.Single(command => command.Name == "run").Options.Where(option => option is not System.CommandLine.Help.HelpOption),
            option => Assert.Contains(Roff.Bold(option.Name), page, StringComparison.Ordinal));
    }

    [Fact]
    public void GroffHasNothingToComplainOf()
    {
        string? groff = ExecutablePath.Find("groff", Environment.GetEnvironmentVariable("PATH"));
        Assert.SkipUnless(groff is not null, "groff is not there");
        string folder = Directory.CreateTempSubdirectory("ctl-man-").FullName;
        foreach ((string file, string text) in Pages)
        {
            string path = Path.Combine(folder, file);
            File.WriteAllText(path, text);
            Assert.Equal(new ProgramRun(0, ""), ProgramRun.Of(groff!, ["-man", "-Tutf8", "-ww", "-z", path]));
        }

        Directory.Delete(folder, recursive: true);
    }

    [Theory, InlineData(".dot", @"\&.dot"), InlineData(@"a\b-c", @"a\eb\-c")]
    public void WhatWouldBeARequestIsText(string text, string escaped) => Assert.Equal(escaped, Roff.Plain(text));

    private static IEnumerable<string> NamesOf(Command command, string name) =>
        command.Subcommands.Where(below => !below.Hidden).SelectMany(below => NamesOf(below, $"{name}-{below.Name}")).Prepend(name);
}
