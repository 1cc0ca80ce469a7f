using System.Text.Json.Nodes;
using ShimStack.Ctl.Commands;

namespace ShimStack.Ctl.Containers;

/// <summary>The process of a specification, with what the command line says on top.</summary>
internal static class SpecProcess
{
    /// <param name="process">Of the container, or of the exec that begins as a copy of it.</param>
    /// <param name="settings">What is said.</param>
    /// <param name="rootfs">Where names of users are looked up.</param>
    public static void Apply(JsonObject process, ProcessSettings settings, string rootfs)
    {
        if (settings.Command.Count > 0)
        {
            process["args"] = Json.Strings(settings.Command);
            process.Remove("commandLine");
        }
        else if (process["args"] is not JsonArray { Count: > 0 })
        {
            throw CtlException.Usage("nothing to run: name a program and its arguments after the folder");
        }

        process["terminal"] = settings.Terminal;
        if (settings.Directory is string directory && !directory.StartsWith('/'))
        {
            throw CtlException.Usage($"--cwd {directory}: not an absolute path in the container");
        }

        process["cwd"] = settings.Directory ?? process["cwd"]?.GetValue<string>() ?? "/";
        if (settings.Terminal)
        {
            Set(process.List("env"), "TERM=" + (Environment.GetEnvironmentVariable("TERM") ?? "xterm"));
        }

        foreach (string variable in settings.Environment)
        {
            if (variable.Length == 0 || variable[0] == '=')
            {
                throw CtlException.Usage($"--env '{variable}': a variable has a name before its =");
            }

            bool hasValue = variable.Contains('=', StringComparison.Ordinal);
            Set(process.List("env"), hasValue ? variable : $"{variable}={Environment.GetEnvironmentVariable(variable)}");
        }

        if (settings.User is not null)
        {
            process["user"] = UserLookup.Find(settings.User, rootfs);
        }
    }

    private static void Set(JsonArray environment, string variable)
    {
        string name = variable[..(variable.IndexOf('=', StringComparison.Ordinal) + 1)];
        for (int i = environment.Count - 1; i >= 0; i--)
        {
            if (environment[i]?.GetValue<string>().StartsWith(name, StringComparison.Ordinal) ?? true)
            {
                environment.RemoveAt(i);
            }
        }

        environment.Add((JsonNode)variable);
    }
}
