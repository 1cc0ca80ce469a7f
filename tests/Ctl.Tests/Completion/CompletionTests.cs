using System.CommandLine;
using ShimStack.Ctl.Commands;
using ShimStack.Ctl.Completion;

namespace ShimStack.Ctl.Tests.Completion;

public sealed class CompletionTests
{
    [Theory]
    [InlineData("shimctl sto", "stop")]
    [InlineData("shimctl run --cpu", "--cpus")]
    [InlineData("shimctl completion ", "bash fish zsh")]
    [InlineData("shimctl --address /no/such stop web", "")]
    public void WordsAreCompleted(string line, string expected)
    {
        string[] words = [.. CtlCommand.Create().Parse(line["shimctl ".Length..]).GetCompletions(line.Length - "shimctl ".Length).Select(item => item.Label)];
        Assert.Equal(expected, string.Join(' ', words.Where(word => !word.StartsWith('-') || expected.Contains(word, StringComparison.Ordinal)).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void WhatFollowsAFlagIsNoValueOfIt()
    {
        ParseResult result = CtlCommand.Create().Parse(["rm", "--force", "true"]);
        Assert.Empty(result.Errors);
        Assert.Equal(["true"], result.GetValue<string[]>("container")!);
    }

    [Fact]
    public void EveryShellHasAScript() => Assert.All(ShellScript.Shells, shell => Assert.Contains("[suggest:", ShellScript.Of(shell)!, StringComparison.Ordinal));
}
