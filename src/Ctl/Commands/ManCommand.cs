using System.CommandLine;
using ShimStack.Ctl.Manual;

namespace ShimStack.Ctl.Commands;

/// <summary>`shimctl man`: the manual pages of this build, for whoever installs it.</summary>
internal static class ManCommand
{
    private static readonly Argument<string> Folder = new("folder") { Description = "Where they go" };

    public static Command Create(RootCommand root)
    {
        Command command = new("man", "Writes the manual pages into a folder") { Folder };
        command.Hidden = true;
        command.SetAction(result =>
        {
            string folder = result.GetValue(Folder)!;
            if (!Directory.Exists(folder))
            {
                throw CtlException.Usage($"{folder} is no folder: make it first");
            }

            foreach ((string file, string text) in ManualPages.Of(root, CtlVersion.Text))
            {
                File.WriteAllText(Path.Combine(folder, file), text);
            }
        });
        return command;
    }
}
