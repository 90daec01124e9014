// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Output.Views;
using ClusterManager.Cli.Shell;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Commands;

/// <summary><c>cluster image pin|pins|unpin</c>: images that stay on the nodes that have them, though no service needs them.</summary>
internal static class ImagePinCommands
{
    /// <summary><c>image pin IMAGE</c>.</summary>
    public static Command Pin(CommandShell shell)
    {
        var command = new CliCommand("pin", "Keep an image on every node that has it, whether or not a service needs it.",
            "cluster image pin registry.lab:5000/web:1\ncluster image pin registry.lab:5000/web@sha256:…");
        var image = ImageArgument("With a tag, which means what it means now, or with a digest");
        command.Add(image);
        return shell.Bind(command, async (session, parse, cancellationToken) =>
        {
            var request = new V1.PinRequest { RequestId = RequestId.New(), Image = parse.GetValue(image) };
            var pin = await session.Cluster.MutateAsync(
                (invoker, options) => new V1.ImageApi.ImageApiClient(invoker).PinAsync(request, options), cancellationToken);
            if (session.Print.IsForPrograms) session.Print.List([PinView.Of(pin)], one => one.Image, ViewJson.Default.PinView, []);
            else session.Print.Line(session.IsQuiet ? pin.Image : $"{pin.Image} stays where it is: {pin.Digest}");
            return ExitCode.Done;
        });
    }

    /// <summary><c>image pins</c>.</summary>
    public static Command Pins(CommandShell shell) =>
        shell.Bind(new CliCommand("pins", "List the images that are pinned.", "cluster image pins"),
            async (session, _, cancellationToken) =>
        {
            var list = await session.Cluster.ReadAsync(
                (invoker, options) => new V1.ImageApi.ImageApiClient(invoker).PinsAsync(new V1.PinsRequest(), options), cancellationToken);
            var now = session.Now;
            if (session.Print.IsForPrograms)
                session.Print.List([.. list.Pins.Select(PinView.Of)], pin => pin.Image, ViewJson.Default.PinView, []);
            else
                session.Print.Table(list.Pins,
                [
                    new("IMAGE", pin => pin.Image, Shortening.Image),
                    new("DIGEST", pin => pin.Digest, IsWide: true),
                    new("SET", pin => TimeText.Ago(pin.CreatedUnixMs, now)),
                    new("BY", pin => pin.CreatedBy),
                ]);
            return ExitCode.Done;
        });

    /// <summary><c>image unpin IMAGE</c>.</summary>
    public static Command Unpin(CommandShell shell)
    {
        var command = new CliCommand("unpin", "Keep a pinned image no longer than services need it.",
            "cluster image unpin registry.lab:5000/web:1");
        var image = ImageArgument("As it was pinned");
        command.Add(image);
        return shell.Bind(command, async (session, parse, cancellationToken) =>
        {
            var request = new V1.UnpinRequest { RequestId = RequestId.New(), Image = parse.GetValue(image) };
            await session.Cluster.MutateAsync(
                (invoker, options) => new V1.ImageApi.ImageApiClient(invoker).UnpinAsync(request, options), cancellationToken);
            session.Print.Line(session.IsQuiet ? request.Image! : $"{request.Image} is not pinned any more.");
            return ExitCode.Done;
        });
    }

    private static Argument<string> ImageArgument(string description) => new("IMAGE") { Description = description };
}
