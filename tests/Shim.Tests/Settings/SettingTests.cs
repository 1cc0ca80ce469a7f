using ShimStack.Shim.Settings;

namespace ShimStack.Shim.Tests.Settings;

public class SettingTests
{
    public static TheoryData<string> Names => [.. Setting.All.Select(static setting => setting.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void WhatIsShownCanBeSet(string name)
    {
        Setting setting = Setting.Find(name)!;
        ShimSettings settings = new();
        setting.Set(settings, setting.Show(settings));
        Assert.Equal(new ShimSettings(), settings);
    }

    [Fact]
    public void EachIsInTheDocument()
    {
        string document = File.ReadAllText(Path.Join(RepositoryRoot(), "docs", "settings.md"));
        ShimSettings defaults = new();
        Assert.All(Setting.All, setting => Assert.Contains($"| `{setting.Name}` | `{setting.Show(defaults)}` |", document, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1500, "1500ms")]
    [InlineData(90_000, "90s")]
    [InlineData(600_000, "10m")]
    public void ATimeIsShownInItsLargestWholeUnit(double milliseconds, string text) =>
        Assert.Equal(text, SettingText.Show(TimeSpan.FromMilliseconds(milliseconds)));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1000, "1000")]
    [InlineData(1536, "1536")]
    [InlineData(512 << 10, "512k")]
    [InlineData(3L << 30, "3g")]
    public void ASizeIsShownInItsLargestWholeUnit(long bytes, string text) => Assert.Equal(text, SettingText.Show(bytes));

    private static string RepositoryRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Join(folder, "ShimStack.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("not below the repository");
    }
}
