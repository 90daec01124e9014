// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Output.Views;
using ClusterManager.Cli.Shell;
using ClusterManager.Model;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Commands;

/// <summary><c>cluster image …</c>: images as registries know them, and those that stay on the nodes.</summary>
internal static class ImageCommands
{
    // A screen of 24 lines, with a line for the header and some for what was typed.
    private const int ShownMax = 20;

    /// <summary>Makes the group.</summary>
    public static Command Make(CommandShell shell)
    {
        var group = new CliCommand("image", "Images as their registries know them, and those that stay on the nodes.",
            "cluster image tags web\ncluster image pins");
        group.Add(Tags(shell));
        group.Add(ImagePinCommands.Pin(shell));
        group.Add(ImagePinCommands.Pins(shell));
        group.Add(ImagePinCommands.Unpin(shell));
        return group;
    }

    private static CliCommand Tags(CommandShell shell)
    {
        var command = new CliCommand("tags", "List the tags of a service's or an image's repository, newest-looking first.",
            "cluster image tags shop/web\ncluster image tags registry.example/shop/web --all\ncluster image tags web -o json");
        var subject = new Argument<string>("SERVICE|IMAGE") { Description = "A service, else an image; its own tag does not matter" };
        subject.CompletionSources.Add(NameCompletion.Services(shell));
        var all = new Option<bool>("--all", "-a") { Description = $"All tags, not only the first {ShownMax}" };
        command.Add(subject);
        command.Add(all);
        return shell.Bind(command, async (session, parse, cancellationToken) =>
        {
            var answer = await session.Cluster.ReadAsync(
                (invoker, options) => new V1.ImageApi.ImageApiClient(invoker)
                    .TagsAsync(new V1.ImageTagsRequest { Subject = parse.GetValue(subject) }, options), cancellationToken);
            if (answer.Failure is { } failure) throw Failed(failure);
            Show(session, answer, parse.GetValue(all));
            return ExitCode.Done;
        });
    }

    private static void Show(CliSession session, V1.ImageTags answer, bool isAll)
    {
        ImageTagView[] tags = [.. answer.Tags.Select(tag => ImageTagView.Of(answer.Image, tag))];
        if (session.Print.IsForPrograms)
        {
            session.Print.List(tags, tag => tag.Tag, ViewJson.Default.ImageTagView, []);
            if (!answer.Complete) session.Note("there are more tags than were read");
            return;
        }

        // What runs is shown wherever it stands: how far behind it is, is what the list is looked at for.
        var shown = isAll ? tags : [.. tags.Where((tag, index) => index < ShownMax || tag.Running.Count > 0)];
        session.Print.Table(shown,
        [
            new("TAG", tag => tag.Tag),
            new("RUNNING", tag => tag.Running.Count == 0 ? "-" : string.Join(", ", tag.Running)),
            new("IMAGE", tag => tag.Reference, Shortening.Image, IsWide: true),
        ]);
        if (shown.Length < tags.Length) session.Note($"{tags.Length - shown.Length} more: --all");
        if (!answer.Complete) session.Note("There are more tags than were read.");
        if (tags.Length == 0) session.Note($"{answer.Registry} has no tags of {answer.Image}.");
    }

    private static CliException Failed(V1.Reason failure) => new(
        (ReasonCode)failure.Code == ReasonCode.ImageNotFound ? ExitCode.NotFound : ExitCode.Failed, Words.TextOf(failure));
}
