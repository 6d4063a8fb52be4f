using Naru.Containerd;
using Naru.Rpc.Images;

namespace Naru.ContainerdDaemon;

/// <summary>containerd.services.images.v1</summary>
/// <param name="flush">Makes what was stored durable: an image that was told to be there stays.</param>
internal sealed class ImagesService(ImageStore images, GarbageSchedule garbage, Action flush)
{
    private const string Service = "containerd.services.images.v1.Images/";

    public void Map(GrpcRouter router)
    {
        router.Unary(Service + "Get", GetImageRequest.Parser, (call, request) => new GetImageResponse { Image = Message(images.Get(call.Scope, request.Name)) });
        router.Unary(Service + "List", ListImagesRequest.Parser, (call, request) =>
        {
            var response = new ListImagesResponse();
            response.Images.Add(images.List(call.Scope, Filter.Parse(request.Filters)).Select(Message));
            return response;
        });
        router.Unary(Service + "Create", CreateImageRequest.Parser, (call, request) =>
        {
            var image = images.Create(call.Scope, request.Image.Name, Wire.Target(request.Image.Target), request.Image.Labels);
            flush();
            return new CreateImageResponse { Image = Message(image) };
        });
        router.Unary(Service + "Update", UpdateImageRequest.Parser, (call, request) =>
        {
            var image = images.Update(call.Scope, request.Image.Name, Wire.Target(request.Image.Target), request.Image.Labels, Wire.Paths(request.UpdateMask));
            flush();
            return new UpdateImageResponse { Image = Message(image) };
        });
        router.UnaryAsync(Service + "Delete", DeleteImageRequest.Parser, async (call, request) =>
        {
            images.Delete(call.Scope, request.Name, request.Target?.Digest);
            if (request.Sync)
                await Task.Run(garbage.RunNow);
        });
    }

    private static Image Message(ImageRecord image)
    {
        var message = new Image { Name = image.Name, Target = Wire.Descriptor(image.Target), CreatedAt = Wire.Time(image.Created), UpdatedAt = Wire.Time(image.Updated) };
        Wire.Copy(image.Labels, message.Labels);
        return message;
    }
}
