// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Api;
using ClusterManager.Manager.Planning;
using ClusterManager.Manager.State;
using ClusterManager.Model;
using ClusterManager.Registry;
using ClusterManager.Wire;
using Grpc.Core;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Registry;

/// <summary>Answers which tags there are, and which of them run.</summary>
internal sealed class TagAnswers(RegistryAccess registries)
{
    private const int TagCountMax = 10_000;

    /// <summary>The answer; what the registry does wrong is in it.</summary>
    /// <param name="state">What runs.</param>
    /// <param name="subject">A service's name, else an image.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RpcException">The subject is neither a service nor an image.</exception>
    public async Task<V1.ImageTags> ListAsync(ClusterState state, string subject, CancellationToken cancellationToken)
    {
        var service = state.Find(ServiceName.Parse(subject));
        var reference = service is null ? subject : ImageOf(state, service);
        if (!ImageName.TryParse(reference, out var image))
            throw service is null ? Neither(state, subject, "it is no image either") : Unusable(reference);
        var answer = new V1.ImageTags { Service = service?.Name.ToWire(), Image = reference };
        try
        {
            var list = await registries.Client().TagsAsync(image, TagCountMax, cancellationToken);
            answer.Registry = list.Registry;
            answer.Complete = list.IsComplete;
            answer.Tags.AddRange(TagMarks.Of(state, image, list.Tags));
        }
        catch (RegistryException error) when (error.Kind == RegistryErrorKind.NoRegistry && service is null)
        {
            throw Neither(state, subject, "as an image it names no registry, and no defaultRegistry is set");
        }
        catch (RegistryException error)
        {
            answer.Failure = RegistryReasons.Of(error);
        }
        catch (InvalidDataException error)
        {
            answer.Failure = new V1.Reason { Code = (int)ReasonCode.RegistryUnreachable, Text = error.Message };
        }

        return answer;
    }

    private static string ImageOf(ClusterState state, ServiceRecord service) =>
        state.Revisions[service.Id][service.Revision].Spec.Container.Image;

    private static RpcException Unusable(string reference) =>
        ApiErrors.Invalid("image", reference, "an image reference with a repository in a registry");

    private static RpcException Neither(ClusterState state, string subject, string why) => ApiErrors.NotFound(
        $"service '{subject}' does not exist, and {why}",
        NearestNames.Of(subject, state.Services.Values.Select(service => service.Name.Display)));
}
