using System.Globalization;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace ShimStack.Supervisor.Configuration;

/// <summary>Reads the TOML file. It goes through the syntax tree by hand: so an error can name its line, and nothing of it is reflection.</summary>
internal static class ConfigurationFile
{
    private const string RuntimePrefix = "runtimes.";

    /// <summary>What the file at <paramref name="path"/> makes of <paramref name="settings"/>.</summary>
    /// <exception cref="ConfigurationException">It cannot be read, or something in it is wrong.</exception>
    public static SupervisorSettings Read(string path, SupervisorSettings settings)
    {
        try
        {
            return Parse(path, File.ReadAllText(path), settings);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{path}: cannot be read: {e.Message}", e);
        }
    }

    /// <summary>As <see cref="Read"/>, with the text at hand.</summary>
    public static SupervisorSettings Parse(string path, string text, SupervisorSettings settings)
    {
        DocumentSyntax document = SyntaxParser.Parse(text, path, true);
        foreach (DiagnosticMessage message in document.Diagnostics)
        {
            throw new ConfigurationException($"{path}:{LineOf(message.Span)}: {message.Message}");
        }

        Dictionary<string, string> runtimes = new(settings.Runtimes);
        foreach ((string key, KeyValueSyntax pair) in Pairs(document, path))
        {
            settings = Apply(settings, runtimes, key, pair, $"{path}:{LineOf(pair.Span)}: {key}");
        }

        return settings with { Runtimes = runtimes };
    }

    private static SupervisorSettings Apply(SupervisorSettings settings, Dictionary<string, string> runtimes, string key, KeyValueSyntax pair, string place)
    {
        try
        {
            if (key.StartsWith(RuntimePrefix, StringComparison.Ordinal) && key.Length > RuntimePrefix.Length)
            {
                runtimes[key[RuntimePrefix.Length..]] = SettingValues.AbsolutePath(TextOf(pair.Value, false));
                return settings;
            }

            Setting setting = SettingsTable.Find(key) ?? throw new FormatException("is no setting; \"shimstackd config default\" shows those that there are");
            return setting.With(settings, TextOf(pair.Value, setting.IsNumber));
        }
        catch (FormatException e)
        {
            throw new ConfigurationException($"{place}: {e.Message}", e);
        }
    }

    // A runtime's name has dots. Without quotes TOML takes them for tables within tables, and we take them together again.
    private static IEnumerable<(string Key, KeyValueSyntax Pair)> Pairs(DocumentSyntax document, string path)
    {
        foreach (KeyValueSyntax pair in document.KeyValues)
        {
            yield return (NameOf(pair.Key), pair);
        }

        foreach (TableSyntaxBase table in document.Tables)
        {
            string name = NameOf(table.Name);
            if (table is not TableSyntax || (name != "runtimes" && !name.StartsWith(RuntimePrefix, StringComparison.Ordinal)))
            {
                throw new ConfigurationException($"{path}:{LineOf(table.Span)}: {name}: is no table of the configuration; there is [runtimes]");
            }

            foreach (KeyValueSyntax pair in table.Items)
            {
                yield return ($"{name}.{NameOf(pair.Key)}", pair);
            }
        }
    }

    private static string TextOf(ValueSyntax? value, bool isNumber) => (value, isNumber) switch
    {
        (StringValueSyntax text, false) => text.Value ?? "",
        (IntegerValueSyntax number, true) => number.Value.ToString(CultureInfo.InvariantCulture),
        (_, true) => throw new FormatException($"must be a number, not {value?.ToString().Trim()}"),
        _ => throw new FormatException($"must be a text in quotes, not {value?.ToString().Trim()}"),
    };

    private static string NameOf(KeySyntax? key)
    {
        string name = PartOf(key?.Key);
        foreach (DottedKeyItemSyntax part in key?.DotKeys ?? [])
        {
            name += "." + PartOf(part.Key);
        }

        return name;
    }

    private static string PartOf(BareKeyOrStringValueSyntax? part) => part switch
    {
        BareKeySyntax bare => bare.Key?.Text ?? "",
        StringValueSyntax quoted => quoted.Value ?? "",
        _ => "",
    };

    private static int LineOf(SourceSpan span) => span.Start.Line + 1;
}
