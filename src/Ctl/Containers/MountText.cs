using System.Text.Json.Nodes;
using ShimStack.Ctl.Commands;

namespace ShimStack.Ctl.Containers;

/// <summary>A mount of the command line: "type=bind,src=/a,dst=/b,options=rbind:ro", or with "ro" alone.</summary>
internal sealed record MountText(string Type, string Source, string Target, IReadOnlyList<string> Options)
{
    /// <exception cref="CtlException">It is none.</exception>
    public static MountText Parse(string text)
    {
        string type = "bind", source = "", target = "";
        List<string> options = [];
        foreach (string part in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] pair = part.Split('=', 2);
            switch (pair[0], pair.ElementAtOrDefault(1))
            {
                case ("type", string value): type = value; break;
                case ("src" or "source", string value): source = value; break;
                case ("dst" or "target" or "destination", string value): target = value; break;
                case ("options", string value): options.AddRange(value.Split(':', StringSplitOptions.RemoveEmptyEntries)); break;
                case ("ro" or "readonly", null): options.Add("ro"); break;
                default: throw CtlException.Usage($"--mount {text}: '{part}' is not known; it knows type=, src=, dst=, options=a:b and ro");
            }
        }

        return Checked(text, new MountText(type, source, target, options));
    }

    /// <summary>"/here:/there", or with ":ro".</summary>
    /// <exception cref="CtlException">It is none.</exception>
    public static MountText ParseVolume(string text)
    {
        string[] parts = text.Split(':');
        bool isReadOnly = parts.ElementAtOrDefault(2) == "ro";
        return parts.Length == 2 || isReadOnly || parts.ElementAtOrDefault(2) == "rw"
            ? Checked(text, new MountText("bind", parts[0], parts[1], isReadOnly ? ["ro"] : []), "--volume")
            : throw CtlException.Usage($"--volume {text}: not /here:/there, nor with :ro or :rw behind");
    }

    public JsonObject ToJson() => new()
    {
        ["type"] = Type,
        ["source"] = Source,
        ["destination"] = Target,
        ["options"] = Json.Strings(Options),
    };

    private static MountText Checked(string text, MountText mount, string option = "--mount")
    {
        if (!mount.Target.StartsWith('/'))
        {
            throw CtlException.Usage($"{option} {text}: dst= must be an absolute path in the container");
        }

        if (mount.Type != "bind")
        {
            return mount.Source.Length > 0 ? mount : mount with { Source = mount.Type };
        }

        string source = Path.GetFullPath(mount.Source.Length > 0 ? mount.Source : throw CtlException.Usage($"{option} {text}: src= is missing"));
        return !Path.Exists(source) ? throw CtlException.Usage($"{option} {text}: there is no {source}")
            : mount.Options.Any(option => option is "bind" or "rbind") ? mount with { Source = source }
            : mount with { Source = source, Options = ["rbind", .. mount.Options] };
    }
}
