using System.Diagnostics;
using ShimStack.Supervisor.Filters;

namespace ShimStack.Supervisor.Tests.Filters;

public sealed class GoRegexTests
{
    [Theory]
    [InlineData("^a$", "a", true)]
    [InlineData("^a$", "a\n", false)] // as in Go, "$" is the very end
    [InlineData("(?m)^a$", "b\na\nc", true)]
    [InlineData("(?:(?m)^a)$", "b\na\n", false)] // the flag ends with its group
    [InlineData(@"^\d+$", "٣", false)] // ASCII only
    [InlineData(@"^\w+$", "é", false)]
    [InlineData(@"^\W$", "é", true)]
    [InlineData(@"^[\D]$", "5", false)]
    [InlineData("(?P<name>b)c", "abc", true)]
    [InlineData("(?<name>b)c", "abc", true)]
    [InlineData("(?i)ABC", "abc", true)]
    [InlineData("(?i-s:A)B", "ab", false)]
    [InlineData("(?U)a+b", "aab", true)]
    [InlineData(@"\Qa.b\E+", "a.bb", true)]
    [InlineData(@"\Qa.b", "axb", false)]
    [InlineData("^[[:alpha:]]+$", "abc", true)]
    [InlineData("^[[:^digit:]_]+$", "ab_1", false)]
    [InlineData("^[]a]+$", "]a", true)]
    [InlineData("^[a-c-[b]$", "[", true)] // no subtraction
    [InlineData(@"^\pL\p{Nd}\PN$", "é5x", true)]
    [InlineData(@"^\x41\x{42}\103$", "ABC", true)]
    [InlineData("^a{2,3}$", "aaa", true)]
    [InlineData("^a{,3}$", "a{,3}", true)] // no repetition
    [InlineData("^😀+$", "😀😀", true)]
    [InlineData("", "anything", true)]
    public void MeansWhatItMeansInGo(string expression, string text, bool expected) =>
        Assert.Equal(expected, GoRegex.Compile(expression).IsMatch(text));

    [Theory]
    [InlineData("(")]
    [InlineData(")")]
    [InlineData("[a")]
    [InlineData("[b-a]")]
    [InlineData("a**")]
    [InlineData("*a")]
    [InlineData("a{1001}")]
    [InlineData("((a{100}){100})")]
    [InlineData(@"(a)\1")]
    [InlineData("a(?=b)")]
    [InlineData("(?<!b)a")]
    [InlineData("(?>a)")]
    [InlineData("(?x)a")]
    [InlineData(@"\Z")]
    [InlineData(@"\e")]
    [InlineData(@"\")]
    [InlineData(@"\xg0")]
    [InlineData("[[:nothing:]]")]
    public void WhatGoRefusesIsRefused(string expression) => Assert.ThrowsAny<ArgumentException>(() => GoRegex.Compile(expression));

    [Theory]
    [InlineData("(a+)+$")]
    [InlineData("(a|aa)*b")]
    [InlineData("(.*)*=(.*)*;")]
    public void NoExpressionTakesLong(string expression)
    {
        Stopwatch watch = Stopwatch.StartNew();
        GoRegex.Compile(expression).IsMatch(new string('a', 20_000) + "!");
        Assert.InRange(watch.ElapsedMilliseconds, 0, 2_000);
    }
}
