(function () {
  var data = document.currentScript.dataset;
  var message = JSON.parse(data.message);
  if (data.bridge && window.SmartcarSDK && window.SmartcarSDK.sendMessage) {
    window.SmartcarSDK.sendMessage(data.bridge);
  }
  if (data.target && window.opener) {
    window.opener.postMessage(message, data.target);
    window.close();
  }
})();